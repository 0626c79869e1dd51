import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import { createGate, type Gate } from './gate.ts';
import { may } from './route-rule.ts';
import { RouteTable } from './route-table.ts';

const QA = { actorId: 'a', username: 'qa', displayName: 'qa', role: 'qa' } as const;

function server() {
  const app = Fastify();
  const table = new RouteTable();
  table.watch(app);
  const failures: string[] = [];
  app.setErrorHandler((error, _request, reply) => {
    failures.push(error instanceof ArchiveError ? error.code : String(error));
    return reply.code(500).send({});
  });
  const warrants = { liveFor: async () => ({ grants: [], mandates: [] }) };
  const clock = { now: () => new Date() };
  const deps = { db: {}, clock, audit: {}, warrants, timeZone: 'UTC' };
  const gate: Gate = createGate(deps as never, async () => QA as never);
  return { app, table, failures, gate };
}

it('does not start while a route says nothing of who may use it', async () => {
  const { app } = server();
  app.get('/all', may('public'), async () => 'for all');
  app.get('/forgotten', async () => 'secret');
  await expect(app.ready()).rejects.toMatchObject({ code: 'ROUTE_WITHOUT_RULE' });
  await expect(app.ready()).rejects.toThrow('GET /forgotten');
});

it('lets no answer out for which the rule of its route was not asked', async () => {
  const { app, failures, gate } = server();
  app.get('/asked', may('search'), async (request) => {
    await gate.allow(request, 'search');
    return 'found';
  });
  app.get('/not-asked', may('search'), async () => 'secret');
  app.get('/asked-another', may('accounts'), async (request) => {
    await gate.allow(request, 'search');
    return 'secret';
  });
  app.get('/signed-in', may('signed-in'), async (request) => (await gate.viewer(request)).role);
  app.get('/not-a-person', may('person'), async (request) => (await gate.viewer(request)).role);
  const get = async (url: string) => {
    const { statusCode, body } = await app.inject({ method: 'GET', url });
    return [statusCode, body.includes('secret')];
  };
  expect(await get('/asked')).toEqual([200, false]);
  expect(await get('/signed-in')).toEqual([200, false]);
  for (const url of ['/not-asked', '/asked-another', '/not-a-person']) {
    expect(await get(url), url).toEqual([500, false]);
  }
  expect(failures).toEqual(Array.from({ length: 3 }, () => 'RULE_NOT_JUDGED'));
});

it('names every route with its rule, and the methods of an address', async () => {
  const { app, table } = server();
  app.get('/records/:id', may('view'), async () => ({}));
  app.post('/records', may('ingest', { rateLimit: {} }), async () => ({}));
  await app.ready();
  expect(table.routes()).toEqual([
    { method: 'POST', url: '/records', rule: 'ingest' },
    { method: 'GET', url: '/records/:id', rule: 'view' },
    { method: 'HEAD', url: '/records/:id', rule: 'view' },
  ]);
  expect(table.methodsAt('/records/7')).toEqual(['GET', 'HEAD']);
});
