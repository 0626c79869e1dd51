import type { SiteFaults, SiteHistory, SitesView, SiteView } from '@voxkeep/contract';
import { idOf } from './fake-records.ts';

const HOUR_MS = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
const walk = (kind: 'light' | 'deep', hours: number, checked: number, faults = 0) => ({
  ...{ kind, startedAt: ago(hours + 1.4), endedAt: ago(hours), checked, faults, repaired: faults },
});
const use = (part: number): SiteView['used'] => [
  { pool: 'basic', copies: Math.round(410_500 * part), bytes: 1.31e12 * part },
  { pool: 'core', copies: Math.round(62_400 * part), bytes: 0.42e12 * part },
  { pool: 'sensitive', copies: Math.round(88_020 * part), bytes: 0.21e12 * part },
];

/** Three sites, the far one away and with faults; a `young` archive has looked at nothing yet. */
export function sitesView(isYoung: boolean): SitesView {
  const common = {
    kind: 'folder',
    reachable: true,
    pendingCopies: 0,
    behindS: 0,
    faults: 0,
  } as const;
  const sites: SiteView[] = [
    {
      ...{ name: 'hq', ...common, copies: 560_920, used: use(1), alarms: [], verified: {} },
      ...{ freeBytes: 0.36e12, totalBytes: 4e12, fullAt: ago(-24 * 26), scrubs: [] },
    },
    {
      ...{ name: 'branch', ...common, copies: 560_920, used: use(1), alarms: [], scrubs: [] },
      ...{ freeBytes: 5.6e12, totalBytes: 8e12, fullUnknown: 'NOT_GROWING', verified: {} },
      ...{ lagMs: { p50: 38, p99: 412, count: 3000 }, pendingCopies: 86_210 },
      filling: { copies: 560_920, of: 647_130, since: ago(5) },
    },
    {
      ...{ name: 'cloud', ...common, copies: 548_110, used: use(0.97), alarms: [], scrubs: [] },
      ...{ kind: 'bucket', fullUnknown: 'NO_FREE_SPACE_TOLD', verified: {} },
      lagMs: { p50: 640, p99: 84_200, count: 3000 },
    },
  ];
  const serverTime = new Date().toISOString();
  if (isYoung) {
    const young = sites.map(({ lagMs: _lag, fullAt: _full, ...site }): SiteView => {
      return { ...site, copies: 0, used: [], fullUnknown: 'TOO_LITTLE_DATA' };
    });
    return { serverTime, sites: young };
  }
  const verified = { deepEndedAt: ago(51), oldestAt: ago(160) };
  const [hq, branch, cloud] = sites as [SiteView, SiteView, SiteView];
  const open = { kind: 'deep', startedAt: ago(3.1), checked: 231_870, faults: 3 } as const;
  return {
    serverTime,
    sites: [
      {
        ...{ ...hq, verified, scrubs: [walk('light', 9, 560_800), walk('deep', 51, 556_012)] },
        alarms: [{ code: 'SITE_FULL_SOON', since: ago(30) }],
      },
      { ...branch, verified, scrubs: [walk('light', 8, 560_800, 2), { ...open, repaired: 3 }] },
      {
        ...{ ...cloud, reachable: false, reason: 'SITE_UNREACHABLE', pendingCopies: 12_810 },
        ...{ behindS: 5460, faults: 3, verified: { oldestAt: ago(400) } },
        scrubs: [{ ...walk('light', 31, 548_000, 3), repaired: 0 }],
        alarms: [
          { code: 'COPIES_UNREPAIRED', since: ago(31) },
          { code: 'SITE_UNREACHABLE', since: ago(1.5) },
          { code: 'COPIES_OVERDUE', since: ago(1.2) },
        ],
      },
    ],
  };
}

/** Busy days and quiet nights; the far site has been away since an hour and a half. */
export function siteHistory(site: string, query: URLSearchParams, young: boolean): SiteHistory {
  const to = new Date();
  const from = new Date(query.get('from') ?? ago(24));
  const hours = (to.getTime() - from.getTime()) / HOUR_MS;
  const stepS = hours > 200 ? 10_800 : hours > 30 ? 3600 : 300;
  const far = site === 'cloud';
  const points = Array.from({ length: Math.floor((hours * 3600) / stepS) }, (_, at) => {
    const atMs = Math.floor(from.getTime() / 1000 / stepS + at + 1) * stepS * 1000;
    const busy = 0.5 + 0.5 * Math.sin((atMs / HOUR_MS / 24) * 2 * Math.PI);
    const jitter = (Math.sin(atMs / 4_000_000) + 3) / 4;
    const sinceMs = to.getTime() - atMs;
    const away = far && sinceMs < 1.5 * HOUR_MS;
    const p99 = (far ? 9000 : 220) * (0.3 + busy) * jitter;
    return {
      ...{ at: new Date(atMs).toISOString(), reachable: !away, behindS: 0 },
      behind: away ? Math.round(12_810 * (1 - sinceMs / (1.5 * HOUR_MS))) : far ? 40 : 0,
      ...(away || site === 'hq' ? {} : { lagMs: { p50: p99 / 8, p99 } }),
      usedBytes: 1.94e12 - (sinceMs / HOUR_MS / 24) * 11e9 - (far ? 5e10 : 0),
      faults: far ? 3 : 0,
    };
  });
  const gap = points.filter((_, at) => site !== 'branch' || at < 100 || at > 112);
  return {
    ...{ site, from: from.toISOString(), to: to.toISOString(), stepS },
    points: young ? [] : gap,
  };
}

export function siteFaults(): SiteFaults {
  const kinds = ['redacted', 'manifest', 'record-key'];
  const codes = ['OBJECT_DAMAGED', 'OBJECT_MISSING', 'ENVELOPE_DAMAGED'];
  const faults = kinds.map((purpose, at) => ({
    ...{ recordId: idOf(12_000 + at), objectId: idOf(12_100 + at), purpose, attempts: 4 },
    ...{ code: codes[at] ?? '', foundAt: ago(31), lastError: 'SITE_UNREACHABLE' },
  }));
  return { total: 3, faults };
}
