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
  healthRoutes(app, { operations, metrics: new Metrics() });
  expect((await app.inject('/metrics')).statusCode).toBe(500);
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject('/metrics')));
  for (const { body } of answers) expect(body).toContain('voxkeep_records{state="archived"} 7');
  expect(asked).toBe(2);
});
