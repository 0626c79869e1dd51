import { DrillsView } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import type { DrillsPort } from '../ports.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const begun: unknown[] = [];
let running = false;
const view = async (): Promise<DrillsView> => ({
  ...{ drills: [], limitS: 2700, serverTime: '2026-11-20T00:00:00.000Z' },
});
const drills: DrillsPort = {
  ...{ view, latest: async () => [] },
  async begin(wanted, actor) {
    if (running) throw new ArchiveError('DRILL_RUNNING', 'a drill goes on');
    begun.push([wanted, actor.role]);
    return view();
  },
};

let scene: ServeScene;
beforeAll(async () => {
  scene = await serveScene({}, { deps: { drills } });
});
afterAll(() => scene.close());

const post = async (body: object, role: 'operator' | 'admin' | 'qa' = 'operator') =>
  scene.send(
    'POST',
    '/api/v1/drills',
    { ...(await scene.person(role)), 'content-type': 'application/json' },
    JSON.stringify(body),
  );

test('operators begin a drill, of a sample unless they say otherwise; who runs no storage may not', async () => {
  const answer = await post({ site: 'branch' });
  expect(answer.status).toBe(202);
  DrillsView.parse(JSON.parse(answer.text));
  await post({ site: 'cloud', kind: 'whole' });
  expect(begun).toEqual([
    [{ site: 'branch', kind: 'sample' }, 'operator'],
    [{ site: 'cloud', kind: 'whole' }, 'operator'],
  ]);
  expect((await post({ site: 'branch' }, 'admin')).status).toBe(403);
  expect((await post({ site: 'branch' }, 'qa')).status).toBe(403);
  expect(begun).toHaveLength(2);
});

test('administrators see drills as operators do; others do not', async () => {
  const get = async (role: 'operator' | 'admin' | 'qa') =>
    (await scene.send('GET', '/api/v1/drills', await scene.person(role))).status;
  expect([await get('operator'), await get('admin'), await get('qa')]).toEqual([200, 200, 403]);
});

test('a second one is a conflict, and a kind or site that is none is named', async () => {
  running = true;
  const conflict = await post({ site: 'hq' });
  expect([conflict.status, problemIn(conflict).code]).toEqual([409, 'DRILL_RUNNING']);
  running = false;
  for (const [body, field] of [
    [{ site: 'hq', kind: 'half' }, 'body/kind'],
    [{}, 'body/site'],
    [{ site: 'hq', force: true }, 'body/force'],
  ] as const) {
    const answer = await post(body);
    expect([answer.status, problemIn(answer).field]).toEqual([400, field]);
  }
});
