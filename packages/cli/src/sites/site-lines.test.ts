import type { SiteView } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { siteLines } from './site-lines.ts';

const at = '2026-11-20T01:02:03.000Z';
const walk = { startedAt: at, endedAt: at, checked: 123_456_789, faults: 1234, repaired: 1234 };
const site: SiteView = {
  ...{ name: 'cloud', kind: 'bucket', reachable: false, reason: 'SITE_UNREACHABLE' },
  ...{ copies: 123_456_789, pendingCopies: 1_234_567, behindS: 86_400, faults: 12_345 },
  ...{ freeBytes: 1.5 * 2 ** 40, totalBytes: 9 * 2 ** 40, fullAt: at },
  used: [
    { pool: 'core', copies: 3, bytes: 2 ** 40 },
    { pool: 'basic', copies: 4, bytes: 2 ** 40 },
  ],
  filling: { copies: 123_456_789, of: 987_654_321, since: at },
  lagMs: { p50: 123_456, p99: 1_234_567, count: 3000 },
  verified: { deepEndedAt: at, oldestAt: at },
  alarms: [{ code: 'DAILY_COPIES_OVERDUE', since: at }],
  scrubs: [
    { kind: 'light', ...walk },
    { kind: 'deep', startedAt: at, checked: 123_456_789, faults: 1234, repaired: 0 },
  ],
};

test('a site with large numbers fits eighty columns and says what is wrong', () => {
  const lines = siteLines(site);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toEqual([
    'cloud    NOT REACHABLE (SITE_UNREACHABLE), bucket, 123456789 copies',
    '         2.2 TB used, 1.6 TB of 9.9 TB free, full about 2026-11-20',
    '         1234567 to come behind 86400 s, 12345 faults',
    '         being filled: 123456789 of 987654321 copies, since 2026-11-20T01:02Z',
    '         lag p50 123456 ms, p99 1234567 ms',
    '         all read back: 2026-11-20T01:02Z, oldest 2026-11-20T01:02Z',
    '         ALARM DAILY_COPIES_OVERDUE since 2026-11-20T01:02Z',
    '         light 2026-11-20T01:02Z: 123456789 seen, 1234 bad, 1234 mended',
    '         deep 2026-11-20T01:02Z: 123456789 seen, 1234 bad, 0 mended, not ended',
  ]);
});

test('what is not known is said to be so, never zero', () => {
  const { freeBytes: _free, totalBytes: _total, fullAt: _full, lagMs: _lag, ...known } = site;
  const { filling: _filling, ...rest } = known;
  const lines = siteLines({ ...rest, reachable: true, fullUnknown: 'NOT_GROWING', verified: {} });
  expect(lines[0]).toBe('cloud    reachable, bucket, 123456789 copies');
  expect(lines[1]).toBe('         2.2 TB used, full: not in sight');
  expect(lines[2]).toBe('         1234567 to come behind 86400 s, 12345 faults');
  expect(lines[3]).toBe('         all read back: never');
  expect(siteLines({ ...rest, used: [] })[1]).toContain(' 0 B used');
  const small = [{ pool: 'core' as const, copies: 1, bytes: 999 }];
  expect(siteLines({ ...rest, used: small })[1]).toContain(' 999 B used');
});
