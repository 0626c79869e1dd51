import type { PolicyAnswers, RoutesView } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

let scene: ServeScene;
const people: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  scene = await serveScene();
  for (const role of ['admin', 'auditor', 'compliance', 'qa', 'operator'] as const) {
    people[role] = await scene.person(role);
  }
});
afterAll(() => scene.close());

const RECORD = { tier: 'core', startedAt: '2026-03-01T00:00:00Z' };
const ask = (who: string, cells: unknown[]) =>
  scene.send(
    'POST',
    '/api/v1/access/decide',
    { ...people[who], 'content-type': 'application/json', 'accept-language': 'en' },
    JSON.stringify({ cells }),
  );

it('tells administrators, auditors and compliance what the policy would say, and nobody else', async () => {
  const cells = [
    { viewer: { role: 'qa' }, action: 'stream', record: RECORD },
    { viewer: { role: 'auditor' }, action: 'stream', record: RECORD },
    { viewer: { role: 'admin' }, action: 'configure' },
  ];
  for (const who of ['admin', 'auditor', 'compliance']) {
    const answer = await ask(who, cells);
    expect(answer.status, who).toBe(200);
    const { decisions } = JSON.parse(answer.text) as PolicyAnswers;
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, false, true]);
    expect(decisions[1]).toMatchObject({ rule: 'auditor.tier', askWhom: 'approver' });
    expect(decisions[1]?.reason).toMatch(/grant/);
  }
  for (const who of ['qa', 'operator']) {
    const answer = await ask(who, cells);
    expect([answer.status, problemIn(answer).rule], who).toEqual([403, `${who}.role`]);
  }
});

it('counts a grant in the question as one whose signatures are good, while it lasts', async () => {
  const grant = (until: string) => ({
    ...{ holderId: 'a1', holderRole: 'auditor', since: '2026-03-05T00:00:00Z', until },
    ...{ fields: ['media'], records: [{ id: 'r1', tier: 'core' }] },
  });
  const cell = (until: string) => ({
    ...{ viewer: { role: 'auditor', actorId: 'a1' }, action: 'stream' },
    ...{ record: { ...RECORD, id: 'r1' }, now: '2026-03-05T01:00:00Z', grants: [grant(until)] },
  });
  const answer = await ask('admin', [cell('2026-03-05T02:00:00Z'), cell('2026-03-05T00:30:00Z')]);
  const { decisions } = JSON.parse(answer.text) as PolicyAnswers;
  expect(decisions.map(({ allowed }) => allowed)).toEqual([true, false]);
});

it('names the field of a question that makes no sense', async () => {
  const answer = await ask('admin', [{ viewer: { role: 'qa' }, action: 'fly', record: RECORD }]);
  expect(answer.status).toBe(400);
  expect(problemIn(answer).field).toBe('body/cells/0/action');
  const many = Array.from({ length: 5001 }, () => ({ viewer: { role: 'qa' }, action: 'search' }));
  expect(problemIn(await ask('admin', many)).field).toBe('body/cells');
});

it('lists what the router really has, each with its rule', async () => {
  const answer = await scene.send('GET', '/api/v1/routes', people['auditor']);
  const { routes } = JSON.parse(answer.text) as RoutesView;
  const ruleOf = (method: string, path: string) =>
    routes.find((one) => one.method === method && one.path === path)?.rule;
  expect(ruleOf('GET', '/api/v1/records/:id/media')).toEqual(['stream']);
  expect(ruleOf('HEAD', '/api/v1/records/:id/media')).toEqual(['stream']);
  expect(ruleOf('POST', '/api/v1/session')).toEqual(['public']);
  expect(ruleOf('GET', '/api/v1/routes')).toEqual(['configure', 'audits']);
  expect(routes.filter(({ rule }) => rule.length === 0)).toEqual([]);
});
