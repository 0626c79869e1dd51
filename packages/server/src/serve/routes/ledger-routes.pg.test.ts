import { gunzipSync } from 'node:zlib';
import type { LedgerPage, LedgerProofView, LedgerStateView } from '@voxkeep/contract';
import { openCheckpoint, openInclusionFile, readLog } from '@voxkeep/proof';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { appendEntry } from '../../ledger/append-entry.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

let scene: ServeScene;
let auditor: Record<string, string>;
let state: LedgerStateView;
const RECORD = '0198f1d2-0000-7000-8000-0000000000aa';

const get = (path: string, headers = auditor) => scene.send('GET', path, headers);
async function json<T>(path: string): Promise<T> {
  const answer = await get(path);
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text) as T;
}

beforeAll(async () => {
  scene = await serveScene({}, { ledger: true });
  auditor = await scene.person('auditor');
  await scene.intake.database.db.transaction().execute(async (tx) => {
    for (let turn = 0; turn < 300; turn += 1) {
      await appendEntry(tx, systemClock, {
        ...{ actorId: `u-${turn % 3}`, actorRole: 'qa', resource: RECORD },
        action: turn % 2 === 0 ? 'record.play' : 'record.view',
        outcome: turn % 10 === 0 ? 'refused' : 'ok',
      });
    }
  });
  await scene.sequencer?.flush();
  state = await json<LedgerStateView>('/api/v1/ledger/state');
});
afterAll(() => scene.close());

test('an auditor pages through all entries, newest first, each once', async () => {
  const seen: number[] = [];
  let before = '';
  for (let page = 0; page < 20; page += 1) {
    const answer = await json<LedgerPage>(
      `/api/v1/ledger/entries?record=${RECORD}&limit=70${before}`,
    );
    seen.push(...answer.entries.map((entry) => entry.index));
    if (answer.next === undefined) break;
    before = `&before=${answer.next}`;
  }
  expect(seen).toHaveLength(300);
  expect(seen).toEqual([...seen].sort((a, b) => b - a));
});

test('filters combine: actor, whole kind of action, outcome, time', async () => {
  const asked = 'actor=u-0&action=record.&outcome=refused';
  const { entries } = await json<LedgerPage>(`/api/v1/ledger/entries?${asked}`);
  expect(entries).toHaveLength(10);
  expect(entries.every(({ actor, outcome }) => actor.id === 'u-0' && outcome === 'refused')).toBe(
    true,
  );
  const at = entries[0]?.time ?? '';
  const later = new Date(Date.parse(at) + 1).toISOString();
  const none = await json<LedgerPage>(`/api/v1/ledger/entries?${asked}&to=${at}`);
  const all = await json<LedgerPage>(`/api/v1/ledger/entries?${asked}&from=${at}&to=${later}`);
  const after = await json<LedgerPage>(`/api/v1/ledger/entries?${asked}&from=2199-01-01T00:00:00Z`);
  expect([none, all, after].map((page) => page.entries.length)).toEqual([0, 10, 0]);
});

test('a wrong filter is told which one it is', async () => {
  const answer = await get('/api/v1/ledger/entries?action=Record&limit=0&outcome=maybe&who=me');
  const fields = problemIn(answer).errors?.map(({ field }) => field);
  expect(answer.status).toBe(400);
  expect(fields?.sort()).toEqual(['query/action', 'query/limit', 'query/outcome', 'query/who']);
});

test('the proof of an entry holds offline, from its file alone', async () => {
  const proof = await json<LedgerProofView>('/api/v1/ledger/entries/17/proof');
  const opened = openInclusionFile(proof.file, state.verifierKey);
  expect(opened).toMatchObject({ index: 17, size: proof.size });
  expect(JSON.parse(opened.entry.toString())).toMatchObject({ seq: 17 });
  const missing = await get('/api/v1/ledger/entries/99999/proof');
  expect([missing.status, problemIn(missing).code]).toEqual([404, 'LEDGER_INDEX_UNKNOWN']);
});

test('the log reads as C2SP tlog-tiles: checkpoint, hash tiles and bundles, whole and partial', async () => {
  const asked: string[] = [];
  const files = async (path: string) => {
    asked.push(path);
    const answer = await get(`/ledger/${path}`);
    return answer.status === 200 ? Buffer.from(answer.bytes) : undefined;
  };
  const note = await get('/ledger/checkpoint');
  expect(note.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(note.headers['cache-control']).toBe('private, no-store');
  const checkpoint = openCheckpoint(note.text, state.verifierKey);
  const actions = [];
  for await (const { entry } of readLog(files, checkpoint)) {
    actions.push(JSON.parse(entry.toString()).action);
  }
  expect(actions.filter((action) => action === 'record.play')).toHaveLength(150);
  expect(asked).toContain('tile/entries/000');
  expect(asked.some((path) => path.startsWith('tile/0/001.p/'))).toBe(true);
  const tile = await get('/ledger/tile/0/000');
  expect(tile.headers).toMatchObject({
    ...{ 'content-type': 'application/octet-stream', 'content-length': '8192' },
    'cache-control': 'private, max-age=31536000, immutable',
  });
  const zipped = await get('/ledger/tile/entries/000.p/9', {
    ...auditor,
    'accept-encoding': 'gzip',
  });
  const plain = await get('/ledger/tile/entries/000.p/9');
  expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
});

test.each([
  ...['0/1', '00/000', '64/000', '0/000.p/0', '0/000.p/256', '0/000.p/01', '0/x000/000', '0/002'],
  ...['entries/x001', 'entries/000.p/', '0/..%2f..%2fcheckpoint', '1/001', '0/001'],
])('what is no tile of the tree is not there: %s', async (path) => {
  const answer = await get(`/ledger/tile/${path}`);
  expect([answer.status, problemIn(answer).code]).toEqual([404, 'LEDGER_TILE_UNKNOWN']);
});

test('nobody else reads it, and refusals are on the ledger', async () => {
  const doors = ['/api/v1/ledger/entries', '/api/v1/ledger/state', '/ledger/checkpoint'];
  const qa = await scene.person('qa');
  for (const door of [...doors, '/ledger/witnessed', '/ledger/tile/0/000']) {
    expect([door, (await get(door, {})).status]).toEqual([door, 401]);
    expect([door, (await get(door, qa)).status]).toEqual([door, 403]);
    expect([door, (await get(door, scene.service)).status]).toEqual([door, 403]);
  }
  await scene.sequencer?.flush();
  const { entries } = await json<LedgerPage>(
    '/api/v1/ledger/entries?action=ledger.read&outcome=refused',
  );
  expect(entries).toHaveLength(10);
});

test('a key of scope witness opens the log itself and nothing of its page', async () => {
  const admin = await scene.person('admin');
  const made = await scene.send(
    'POST',
    '/api/v1/api-keys',
    { ...admin, 'content-type': 'application/json' },
    JSON.stringify({ name: 'branch witness', scopes: ['witness'] }),
  );
  expect(made.status, made.text).toBe(201);
  const headers = { authorization: `Bearer ${(JSON.parse(made.text) as { key: string }).key}` };
  expect((await get('/ledger/checkpoint', headers)).status).toBe(200);
  expect((await get('/ledger/tile/0/000', headers)).status).toBe(200);
  expect((await get('/api/v1/ledger/entries', headers)).status).toBe(403);
});

test('reading a hundred tiles makes one entry; the next search is one more', async () => {
  const count = async () =>
    (await json<LedgerPage>('/api/v1/ledger/entries?action=ledger.read&outcome=ok')).entries.length;
  await scene.sequencer?.flush();
  const before = await count();
  for (let turn = 0; turn < 100; turn += 1) await get('/ledger/tile/0/000');
  await scene.sequencer?.flush();
  expect(await count()).toBe(before);
  const searches = await json<LedgerPage>('/api/v1/ledger/entries?action=ledger.search');
  expect(searches.entries[0]?.detail).toMatchObject({ filters: 'action,outcome', hits: before });
});

test('posting to the log is told what is allowed', async () => {
  const answer = await scene.send('POST', '/ledger/tile/0/000', auditor);
  expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
});
