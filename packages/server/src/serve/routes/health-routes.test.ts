import Fastify from 'fastify';
import { expect, it } from 'vitest';
import type { OperationsPort } from '../ports.ts';
import { healthRoutes, Metrics } from './health-routes.ts';

it('many who ask for metrics make the catalog count once, and a failure is asked again', async () => {
  let asked = 0;
  const status = async () => {
    asked += 1;
    if (asked === 1) throw new Error('the database is away');
    return {
      records: [{ state: 'archived', count: 7 }],
      sites: [],
      ledger: { size: 3, toRestore: 2 },
    };
  };
  const operations = { status } as unknown as OperationsPort;
  const app = Fastify();
  const view = async () => ({
    sites: [
      {
        ...{ name: 'cloud', reachable: false, reason: 'SITE_UNREACHABLE', copies: 5 },
        filling: { copies: 5, of: 7, since: '2026-10-31T00:00:00.000Z' },
        ...{ pendingCopies: 2, behindS: 90, faults: 1, scrubs: [] },
        lagMs: { p50: 1500, p99: 9000, count: 5 },
        ...{ kind: 'bucket' as const, used: [{ pool: 'core' as const, copies: 5, bytes: 900 }] },
        verified: { deepEndedAt: '2026-10-31T00:00:00.000Z' },
        alarms: [{ code: 'SITE_LAGGING' as const, since: '2026-10-31T23:00:00.000Z' }],
        fullAt: '2026-12-01T00:00:00.000Z',
      },
    ],
    serverTime: '2026-11-01T00:00:00.000Z',
  });
  const lastGoodAt = new Date('2026-10-31T00:00:00.000Z');
  const latest = async () => [{ site: 'cloud', rtoWholeS: 1234.5, rpoS: 2, lastGoodAt }];
  const drills = { latest };
  healthRoutes(app, { operations, sites: { view }, drills, metrics: new Metrics() });
  expect((await app.inject('/metrics')).statusCode).toBe(500);
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject('/metrics')));
  for (const { body } of answers) expect(body).toContain('voxkeep_records{state="archived"} 7');
  expect(asked).toBe(2);
  for (const line of [
    'voxkeep_pending_copies{site="cloud"} 2',
    'voxkeep_site_copies_to_fill{site="cloud"} 2',
    'voxkeep_site_reachable{site="cloud"} 0',
    'voxkeep_site_behind_seconds{site="cloud"} 90',
    'voxkeep_copy_faults{site="cloud"} 1',
    'voxkeep_site_lag_seconds{site="cloud",quantile="0.99"} 9',
    'voxkeep_site_used_bytes{site="cloud",pool="core"} 900',
    'voxkeep_site_full_timestamp_seconds{site="cloud"} 1796083200',
    'voxkeep_site_deep_walk_end_timestamp_seconds{site="cloud"} 1793404800',
    'voxkeep_site_alarm{site="cloud",code="SITE_LAGGING"} 1',
    'voxkeep_site_alarm{site="cloud",code="SITE_SPACE_LOW"} 0',
    'voxkeep_ledger_entries_to_restore 2',
    'voxkeep_drill_rto_whole_seconds{site="cloud"} 1234.5',
    'voxkeep_drill_rpo_seconds{site="cloud"} 2',
    'voxkeep_drill_last_ok_timestamp_seconds{site="cloud"} 1793404800',
  ]) {
    expect(answers[0]?.body).toContain(line);
  }
});
