import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAccount, findPersonnel, issueApiKey } from '../../access/index.ts';
import { testSeals } from '../../access/seals.testing.ts';
import { systemClock as clock } from '../../core/clock.ts';
import { systemRandom as random } from '../../core/random.ts';
import { type ServeScene, serveScene } from '../serve-scene.testing.ts';

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
let scene: ServeScene;
let key: Record<string, string>;
let id: string;
let count = 0;
const deps = () => ({ db: scene.intake.database.db, clock, random, seals: testSeals() });

beforeAll(async () => {
  scene = await serveScene();
  const input = { name: 'hr', createdBy: 'x', expiresInDays: 1, scopes: ['scim'] as const };
  key = { authorization: `Bearer ${(await issueApiKey(deps(), input)).key}` };
});
afterAll(() => scene.close());
beforeEach(async () => {
  count += 1;
  const made = await createAccount(deps(), {
    ...{ username: `leaver${count}`, displayName: 'L', role: 'qa' },
    ...{ password: 'correct horse battery', personId: `E${count}` },
  });
  id = made.id;
});

async function send(method: string, path: string, body?: unknown, headers = key) {
  const answer = await scene.send(
    ...([method, `/scim/v2${path}`] as const),
    { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }) },
    typeof body === 'string' ? body : JSON.stringify(body),
  );
  return {
    ...{ status: answer.status, type: answer.headers['content-type'] },
    body: answer.text === '' ? undefined : JSON.parse(answer.text),
  };
}
const patch = (operations: unknown, of = id) =>
  send('PATCH', `/Users/${of}`, { schemas: [PATCH], Operations: operations });
const isActive = async () =>
  (await findPersonnel(deps(), { username: `leaver${count}` }))[0]?.active;

it.each([
  ['as RFC 7644 writes it', { op: 'replace', path: 'active', value: false }],
  ['without a path', { op: 'replace', value: { active: false } }],
  ['in capitals and text', { op: 'Replace', path: 'active', value: 'False' }],
])('shuts an account by PATCH %s', async (_name, operation) => {
  const answer = await patch([operation]);
  expect(answer).toMatchObject({ status: 200, body: { id, active: false } });
  expect(answer.type).toMatch(/^application\/scim\+json/);
  expect(await isActive()).toBe(false);
});

it('shuts by PUT and by DELETE as well, and a second time does nothing', async () => {
  expect(await send('PUT', `/Users/${id}`, { active: false, userName: 'other' })).toMatchObject({
    ...{ status: 200, body: { active: false, userName: `leaver${count}` } },
  });
  expect((await send('DELETE', `/Users/${id}`)).status).toBe(204);
  expect(await send('GET', `/Users/${id}`)).toMatchObject({ status: 200, body: { active: false } });
});

it('ends the sessions of who is shut out, and is on the ledger', async () => {
  const signIn = await scene.send(
    ...(['POST', '/api/v1/session'] as const),
    { 'content-type': 'application/json', 'x-voxkeep-csrf': '1' },
    JSON.stringify({ username: `leaver${count}`, password: 'correct horse battery' }),
  );
  const cookie = String(signIn.headers['set-cookie']).split(';')[0] ?? '';
  const session = () => scene.send('GET', '/api/v1/session', { cookie });
  expect((await session()).status).toBe(200);
  await patch([{ op: 'replace', path: 'active', value: false }]);
  expect((await session()).status).toBe(401);
});

it('finds by user name and by person number, and knows no service', async () => {
  const by = (filter: string) => send('GET', `/Users?filter=${encodeURIComponent(filter)}`);
  expect((await by(`userName eq "LEAVER${count}"`)).body).toMatchObject({
    ...{ totalResults: 1, Resources: [{ id, userName: `leaver${count}`, active: true }] },
  });
  expect((await by(`externalId eq "e${count}"`)).body.Resources).toMatchObject([{ id }]);
  expect((await by('userName eq "nobody"')).body).toMatchObject({ totalResults: 0, Resources: [] });
  const service = await createAccount(deps(), {
    ...{ username: `robot${count}`, displayName: 'R', role: 'service' },
    password: 'correct horse battery',
  });
  expect((await send('GET', `/Users/${service.id}`)).status).toBe(404);
  const page = (await send('GET', '/Users?startIndex=2&count=1')).body;
  expect(page).toMatchObject({ startIndex: 2, itemsPerPage: 1 });
  expect(page.totalResults).toBeGreaterThan(1);
});

it.each([
  ['a role', [{ op: 'replace', path: 'roles', value: ['admin'] }], 'mutability'],
  ['a name', [{ op: 'replace', value: { userName: 'x' } }], 'mutability'],
  ['a name beside it', [{ op: 'add', value: { active: false, title: 'x' } }], 'mutability'],
  ['a removal', [{ op: 'remove', path: 'active' }], 'mutability'],
  ['no boolean', [{ op: 'replace', path: 'active', value: 'no' }], 'invalidValue'],
  ['nothing', [], 'invalidSyntax'],
])('refuses %s in SCIM’s own words, and changes nothing', async (_name, operations, scimType) => {
  expect(await patch(operations)).toMatchObject({
    status: 400,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      ...{ status: '400', scimType },
    },
  });
  expect(await isActive()).toBe(true);
});

it('opens no account that an administrator shut', async () => {
  await send('DELETE', `/Users/${id}`);
  const answer = await patch([{ op: 'replace', path: 'active', value: true }]);
  expect(answer).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
  expect(await isActive()).toBe(false);
});

it.each([
  ['GET', '/Users?filter=userName%20co%20%22a%22', undefined, 400, 'invalidFilter'],
  ['GET', '/Users?filter=%22%5Cx%22', undefined, 400, 'invalidFilter'],
  ['GET', '/Users?count=-1', undefined, 400, 'invalidValue'],
  ['PUT', '/Users/x', '{', 400, 'invalidSyntax'],
  ['DELETE', '/Users/x', undefined, 404, undefined],
])('answers %s %s with an error of SCIM', async (method, path, body, status, scimType) => {
  const answer = await send(method, path, body);
  expect(answer).toMatchObject({ status, body: { status: String(status) } });
  expect(answer.body.scimType).toBe(scimType);
});

it('wants a key that was issued for it: neither another key nor a person gets in', async () => {
  expect(await send('GET', '/Users', undefined, {})).toMatchObject({
    ...{ status: 401, body: { status: '401' } },
  });
  for (const headers of [scene.service, await scene.person('admin')]) {
    const answer = await send('PATCH', `/Users/${id}`, { schemas: [PATCH] }, headers);
    expect(answer).toMatchObject({ status: 403, body: { status: '403' } });
  }
  const api = await scene.send('GET', '/api/v1/status', key);
  expect([api.status, JSON.parse(api.text).rule]).toEqual([403, 'service.scope']);
  expect(await isActive()).toBe(true);
});
