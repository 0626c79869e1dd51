export { copyFaults, countFaults } from './copy-faults.ts';
export { type HistoryPoint, siteHistory } from './history.ts';
export type { SiteLimits } from './judge-site.ts';
export { lagOf } from './lag.ts';
export { lastVerified } from './last-verified.ts';
export { projectedFull } from './project-full.ts';
export { standingAlarms } from './standing-alarms.ts';
export { usedBytes } from './used-bytes.ts';
export { watchSites } from './watch-sites.ts';
