import {
  HoldCandidates,
  HoldNotice,
  HoldPlaced,
  HoldRecords,
  HoldsView,
  HoldView,
  type NoticesView,
  RecordHolds,
} from '@voxkeep/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { accountAt } from '../../access/index.ts';
import { systemRandom } from '../../core/random.ts';
import { createHolds, searchesOfHolds } from '../../main/holds-view.ts';
import { letGo, walkHolds } from '../../retire/holds/index.ts';
import { archivedCall } from '../archived-call.testing.ts';
import type { HoldsPort } from '../ports.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

type Headers = Record<string, string>;
let scene: ServeScene;
let [li, wang, auditor, agent]: Headers[] = [];
let agentId: string;
let one: { id: string };
let two: { id: string };
let work: () => Promise<void>;

beforeAll(async () => {
  scene = await serveScene();
  const { db, clock, audit, notices, indexKeys, timeZone, ownRows, commitmentKey } = scene.serve;
  const deps = {
    ...{ db, clock, audit, notices, commitmentKey, random: systemRandom, texts: ownRows },
    searches: searchesOfHolds(indexKeys, timeZone),
    accountOf: (id: string) => accountAt(scene.serve.signIn, id),
    settleDeferred: async () => undefined,
  };
  const holds: HoldsPort = createHolds({ ...deps, walker: { wake: () => undefined } });
  Object.assign(scene.serve, { holds });
  work = async () => {
    await letGo(deps);
    await walkHolds(deps);
  };
  li = await scene.person('compliance', { name: 'li' });
  wang = await scene.person('compliance', { name: 'wang' });
  auditor = await scene.person('auditor');
  agent = await scene.person('agent');
  const staff = await db
    .selectFrom('staff')
    .select('actor_id')
    .where('role', '=', 'agent')
    .executeTakeFirstOrThrow();
  agentId = staff.actor_id;
  one = await archivedCall(scene, { durationS: 1 });
  two = await archivedCall(scene, { durationS: 1, tier: 'core', agentId: '007' });
});
afterAll(() => scene.close());
beforeEach(() => {
  scene.intake.entries.length = 0;
});

const get = (path: string, who: Headers | undefined = li) =>
  scene.send('GET', `/api/v1${path}`, who);
const send = (method: string, path: string, body: object, who: Headers | undefined = li) => {
  const text = JSON.stringify(body);
  const length = { 'content-length': String(Buffer.byteLength(text)) };
  const headers = { ...who, ...length, 'content-type': 'application/json' };
  return scene.send(method, `/api/v1${path}`, headers, text);
};
const words = { matter: '退款纠纷', reason: '法务通知保全' };
const actions = () => scene.intake.entries.map((entry) => entry.action);

test('an officer places a hold, its custodian reads and says so, a colleague releases it', async () => {
  const body = { ...words, custodians: [agentId], recordIds: [one.id], search: { agent: '007' } };
  const answer = await send('POST', '/holds', body);
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  const { hold, tooLate } = HoldPlaced.parse(JSON.parse(answer.text));
  expect(tooLate).toEqual([]);
  expect(hold).toMatchObject({
    ...{ ...words, state: 'living', records: 1, walking: true, search: { agent: ['007'] } },
    custodians: [{ id: agentId, name: 'agent' }],
  });
  await work();
  const view = HoldView.parse(JSON.parse((await get(`/holds/${hold.id}`, auditor)).text));
  expect(view).toMatchObject({ records: 2, walking: false });
  const held = await get(`/holds/${hold.id}/records?limit=1`);
  const page = HoldRecords.parse(JSON.parse(held.text));
  expect([page.records.length, page.next]).toEqual([1, page.records[0]?.recordId]);
  const rest = await get(`/holds/${hold.id}/records?after=${page.next}`);
  expect(HoldRecords.parse(JSON.parse(rest.text)).records).toHaveLength(1);
  const ofTwo = await get(`/records/${two.id}/holds`, auditor);
  expect(RecordHolds.parse(JSON.parse(ofTwo.text)).holds).toMatchObject([{ id: hold.id }]);

  const told = JSON.parse((await get('/notices', agent)).text) as NoticesView;
  expect(told.notices).toMatchObject([{ kind: 'hold.placed', resource: hold.id }]);
  expect((await get(`/holds/${hold.id}/notice`, wang)).status).toBe(404);
  const said = await send('POST', `/holds/${hold.id}/acknowledge`, {}, agent);
  expect(HoldNotice.parse(JSON.parse(said.text)).acknowledgedAt).toBeDefined();

  const own = await send('POST', `/holds/${hold.id}/release`, { reason: '和解' });
  expect([own.status, problemIn(own).code]).toEqual([403, 'HOLD_SAME_PERSON']);
  const path = `/holds/${hold.id}/records/${two.id}`;
  const dropped = await send('DELETE', path, { reason: '无关' }, wang);
  expect(HoldView.parse(JSON.parse(dropped.text))).toMatchObject({ records: 1, exempted: 1 });
  const released = await send('POST', `/holds/${hold.id}/release`, { reason: '和解' }, wang);
  expect(HoldView.parse(JSON.parse(released.text))).toMatchObject({
    ...{ state: 'released', releasedByName: 'wang', releaseReason: '和解' },
  });
  await work();
  expect(JSON.parse((await get(`/records/${one.id}/holds`)).text)).toEqual({ holds: [] });
  const list = async (state: string) =>
    HoldsView.parse(JSON.parse((await get(`/holds?state=${state}`)).text));
  expect((await list('released')).holds).toMatchObject([{ id: hold.id, records: 0 }]);
  expect(await list('living')).toEqual({ holds: [], living: 0 });
  const changes = ['create', 'catch', 'view', 'acknowledge', 'exempt', 'release'];
  for (const name of changes) expect(actions()).toContain(`hold.${name}`);
});

test('what is no search, no id and no account is refused by the name of its field', async () => {
  const cases: [object, number, string, string][] = [
    [{ search: {} }, 400, 'REQUEST_INVALID', 'body/search'],
    [{ search: { agnet: ['007'] } }, 400, 'REQUEST_INVALID', 'body/search/agnet'],
    [{ search: { cursor: 'x' } }, 400, 'REQUEST_INVALID', 'body/search/cursor'],
    [{ search: { tier: ['secret'] } }, 400, 'REQUEST_INVALID', 'body/search/tier'],
    [{ search: { from: "'; drop table call" } }, 400, 'REQUEST_INVALID', 'body/search/from'],
    [{ search: { phone: 'abcdef' } }, 400, 'SEARCH_QUERY_INVALID', 'body/search/phone'],
    [
      { search: { from: '2026-02-01', to: '2026-01-01' } },
      ...([400, 'SEARCH_QUERY_INVALID', 'body/search/to'] as const),
    ],
    [{ recordIds: ['x'] }, 400, 'REQUEST_INVALID', 'body/recordIds/0'],
    [{}, 400, 'REQUEST_INVALID', 'body/recordIds'],
    [
      { recordIds: [one.id], custodians: [agentId, one.id] },
      ...([422, 'HOLD_CUSTODIAN_UNKNOWN', 'body/custodians/1'] as const),
    ],
  ];
  for (const [body, status, code, field] of cases) {
    const answer = await send('POST', '/holds', { ...words, ...body });
    const problem = problemIn(answer);
    expect([body, answer.status, problem.code, problem.field]).toEqual([body, status, code, field]);
  }
  const { n } = await scene.serve.db
    .selectFrom('legal_hold')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('released_at', 'is', null)
    .executeTakeFirstOrThrow();
  expect(n).toBe('0');
});

test('who may not is refused, on the ledger; words that were said may not be searched for', async () => {
  const place = { ...words, recordIds: [one.id] };
  for (const who of [auditor, agent]) {
    expect((await send('POST', '/holds', place, who)).status).toBe(403);
    const end = await send('POST', `/holds/${one.id}/release`, { reason: '和解' }, who);
    expect(end.status).toBe(403);
  }
  expect((await get('/holds', agent)).status).toBe(403);
  expect((await get(`/records/${one.id}/holds`, agent)).status).toBe(403);
  const said = await send('POST', '/holds', { ...words, search: { text: '打印机' } });
  expect([said.status, problemIn(said).code]).toEqual([403, 'FORBIDDEN']);
  expect(scene.intake.entries.every((entry) => entry.outcome === 'refused')).toBe(true);
});

test('officers choose custodians among those who can be told, and nobody else sees who they are', async () => {
  await scene.person('regulator');
  const answer = await get('/holds/custodians');
  const { people } = HoldCandidates.parse(JSON.parse(answer.text));
  expect(people).toContainEqual({ id: agentId, name: 'agent', role: 'agent' });
  expect(people.some(({ role }) => role === 'regulator')).toBe(false);
  const placed = await send('POST', '/holds', {
    ...{ ...words, recordIds: [one.id], custodians: people.map(({ id }) => id) },
  });
  expect(placed.status).toBe(201);
  for (const who of [auditor, agent])
    expect((await get('/holds/custodians', who)).status).toBe(403);
});

test('of what is not there it says so', async () => {
  for (const path of [`/holds/${one.id}`, '/holds/x', `/holds/${one.id}/records`]) {
    const answer = await get(path);
    expect([path, answer.status, problemIn(answer).code]).toEqual([path, 404, 'HOLD_UNKNOWN']);
  }
  const answer = await get('/records/x/holds');
  expect([answer.status, problemIn(answer).code]).toEqual([404, 'RECORD_UNKNOWN']);
});
