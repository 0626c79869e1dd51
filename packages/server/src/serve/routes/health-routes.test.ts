import Fastify from 'fastify';
import { expect, it } from 'vitest';
import type { OperationsPort } from '../ports.ts';
import { healthRoutes, Metrics } from './health-routes.ts';

it('many who ask for metrics make the catalog count once, and a failure is asked again', async () => {
  let asked = 0;
  const status = async () => {
    asked += 1;
    if (asked === 1) throw new Error('the database is away');
    return { records: [{ state: 'archived', count: 7 }], sites: [], ledger: { size: 3 } };
  };
  const operations = { status } as unknown as OperationsPort;
  const app = Fastify();
  const view = async () => ({
    sites: [
      {
        ...{ name: 'cloud', reachable: false, reason: 'SITE_UNREACHABLE', copies: 5 },
        ...{ pendingCopies: 2, behindS: 90, faults: 1, scrubs: [] },
        lagMs: { p50: 1500, p99: 9000, count: 5 },
      },
    ],
    serverTime: '2026-11-01T00:00:00.000Z',
  });
  healthRoutes(app, { operations, sites: { view }, metrics: new Metrics() });
  expect((await app.inject('/metrics')).statusCode).toBe(500);
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject('/metrics')));
  for (const { body } of answers) expect(body).toContain('voxkeep_records{state="archived"} 7');
  expect(asked).toBe(2);
  for (const line of [
    'voxkeep_pending_copies{site="cloud"} 2',
    'voxkeep_site_reachable{site="cloud"} 0',
    'voxkeep_site_behind_seconds{site="cloud"} 90',
    'voxkeep_copy_faults{site="cloud"} 1',
    'voxkeep_site_lag_seconds{site="cloud",quantile="0.99"} 9',
  ]) {
    expect(answers[0]?.body).toContain(line);
  }
});
