import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SitesPort } from '../ports.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const asked: { name: string; from: string; to: string }[] = [];
const notAsked = () => Promise.reject(new TypeError('not asked here'));
const sites: SitesPort = {
  ...{ view: notAsked, faults: notAsked, scrub: notAsked },
  history: async (name, { from, to }) => {
    asked.push({ name, from: from.toISOString(), to: to.toISOString() });
    return { site: name, from: '', to: '', stepS: 300, points: [] };
  },
};

let scene: ServeScene;
beforeAll(async () => {
  scene = await serveScene({}, { deps: { sites } });
});
afterAll(() => scene.close());

const history = async (query: string, role: 'operator' | 'qa' = 'operator') =>
  scene.send('GET', `/api/v1/sites/hq/history${query}`, await scene.person(role));

test('a history is of the last day unless other times are asked for', async () => {
  expect((await history('')).status).toBe(200);
  const last = asked.at(-1);
  expect(Date.parse(last?.to ?? '') - Date.parse(last?.from ?? '')).toBe(86_400_000);
  await history('?from=2026-11-01T00:00:00Z&to=2026-11-02T08:00:00%2B08:00');
  expect(asked.at(-1)).toEqual({
    ...{ name: 'hq', from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z' },
  });
});

test.each([
  ['?from=yesterday', 'query/from'],
  ['?to=2026-13-01T00:00:00Z', 'query/to'],
  ['?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', 'query/to'],
  ['?from=2998-11-02T00:00:00Z', 'query/from'],
  ['?since=2026-11-02T00:00:00Z', 'query/since'],
])('the query %s is refused with the field that is wrong', async (query, field) => {
  const answer = await history(query);
  expect([answer.status, problemIn(answer).code]).toEqual([400, 'REQUEST_INVALID']);
  expect(problemIn(answer).field).toBe(field);
});

test('who runs no storage is refused', async () => {
  expect((await history('', 'qa')).status).toBe(403);
});
