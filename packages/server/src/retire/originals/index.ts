export { askWait } from './ask-wait.ts';
export { decideWait, type WaitDecision } from './decide-wait.ts';
export { type Needed, neededUntil } from './needed-until.ts';
export type { NeededDeps, OriginalDeps, OriginalOfficer } from './ports.ts';
export { viewAsked, viewOriginal } from './view-original.ts';
