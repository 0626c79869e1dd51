import type { NoticesView } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionsSeenAt } from '../../access/seals.testing.ts';
import { systemClock } from '../../core/clock.ts';
import { createNotices } from '../../notices/index.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

let scene: ServeScene;
let approver: Record<string, string>;
let auditor: Record<string, string>;
beforeAll(async () => {
  scene = await serveScene();
  approver = await scene.person('approver');
  auditor = await scene.person('auditor');
  await scene.intake.database.db.transaction().execute((tx) =>
    createNotices({ clock: systemClock }).tell(tx, {
      ...{ to: { roles: ['approver'] }, kind: 'request.awaiting', severity: 'action' },
      ...{ resource: '0198a1b2-0000-7000-8000-000000000009', detail: { records: 3 } },
    }),
  );
});
afterAll(() => scene.close());

const list = async (who: Record<string, string>, query = '') => {
  const answer = await scene.send('GET', `/api/v1/notices${query}`, who);
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text) as NoticesView;
};
const read = (who: Record<string, string>, body: unknown) =>
  scene.send(
    'POST',
    '/api/v1/notices/read',
    { ...who, 'content-type': 'application/json' },
    JSON.stringify(body),
  );

it('nobody sees another’s notices, marks them, or learns that they are there', async () => {
  const mine = await list(approver);
  expect(mine).toMatchObject({ unread: 1, alarms: [] });
  expect(mine.notices).toMatchObject([{ kind: 'request.awaiting', detail: { records: 3 } }]);
  expect(await list(auditor)).toEqual({ notices: [], alarms: [], unread: 0 });
  const ids = mine.notices.map((one) => one.id);
  const marked = await read(auditor, { ids });
  expect([marked.status, marked.text]).toEqual([200, '{"unread":0}']);
  expect((await list(approver)).unread).toBe(1);
});

it('services and those who have not signed in are refused', async () => {
  for (const who of [{}, scene.service]) {
    const answer = await scene.send('GET', '/api/v1/notices', who);
    expect([answer.status, problemIn(answer).code]).toEqual([401, 'NOT_SIGNED_IN']);
  }
});

it('bad queries and bodies are refused and named', async () => {
  const fieldOf = async (query: string) => {
    const answer = await scene.send('GET', `/api/v1/notices?${query}`, approver);
    return [answer.status, problemIn(answer).field];
  };
  expect(await fieldOf('limit=0')).toEqual([400, 'query/limit']);
  expect(await fieldOf('limit=101')).toEqual([400, 'query/limit']);
  expect(await fieldOf('before=x')).toEqual([400, 'query/before']);
  expect(await fieldOf('unread=perhaps')).toEqual([400, 'query/unread']);
  expect(await fieldOf('actorId=somebody')).toEqual([400, 'query/actorId']);
  for (const body of [{}, { all: false }, { ids: [] }, { ids: ['x'] }, { all: true, ids: [] }]) {
    expect((await read(approver, body)).status, JSON.stringify(body)).toBe(400);
  }
});

it('asking for notices does not keep an unused session alive; marking them does', async () => {
  const { db } = scene.intake.database;
  const MINUTE_MS = 60_000;
  await sessionsSeenAt(db, new Date(Date.now() - 25 * MINUTE_MS));
  const idleMinutes = async () => {
    const rows = await db.selectFrom('staff_session').select('seen_at').execute();
    return Math.min(...rows.map((row) => Date.now() - row.seen_at.getTime())) / MINUTE_MS;
  };
  await list(approver, '?unread=true');
  expect(await idleMinutes()).toBeGreaterThan(24);
  await read(approver, { all: true });
  expect(await idleMinutes()).toBeLessThan(1);
  expect((await list(approver, '?unread=true')).notices).toEqual([]);
});

const setAddress = (who: Record<string, string>, body: unknown) =>
  scene.send(
    'PUT',
    '/api/v1/notices/address',
    { ...who, 'content-type': 'application/json' },
    JSON.stringify(body),
  );
const addressOf = async (who: Record<string, string>) =>
  JSON.parse((await scene.send('GET', '/api/v1/notices/address', who)).text) as unknown;

it('a person sets, sees and takes back their own address; the ledger knows that, not which', async () => {
  const wanted = { address: 'wang.fang@example.com', language: 'en' };
  expect((await setAddress(approver, wanted)).status).toBe(204);
  expect(await addressOf(approver)).toEqual({ mail: true, ...wanted });
  expect(await addressOf(auditor)).toEqual({ mail: true });
  const entries = scene.intake.entries.filter((entry) => entry.action === 'account.change');
  expect(entries.at(-1)).toMatchObject({ detail: { changed: 'notice-address' }, outcome: 'ok' });
  expect(JSON.stringify(entries)).not.toContain('wang');
  expect((await setAddress(approver, { address: null, language: 'en' })).status).toBe(204);
  expect(await addressOf(approver)).toEqual({ mail: true });
});

it('what is no single address, or could smuggle a header in, is refused', async () => {
  const bad = ['wang', 'a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com', ''];
  for (const address of bad) {
    const answer = await setAddress(approver, { address, language: 'en' });
    expect([answer.status, problemIn(answer).field]).toEqual([400, 'body/address']);
  }
  const answer = await setAddress(approver, { address: null, language: 'fr' });
  expect(problemIn(answer).field).toBe('body/language');
  const foreign = { ...scene.service, 'content-type': 'application/json' };
  const service = await scene.send('PUT', '/api/v1/notices/address', foreign, '{}');
  expect(service.status).toBe(401);
});
