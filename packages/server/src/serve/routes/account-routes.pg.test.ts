import type { AccountView, SessionsView, SessionView } from '@voxkeep/contract';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { issueSetupToken } from '../../access/index.ts';
import { systemClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import {
  account,
  closeAccountScene,
  database,
  enter,
  ledger,
  openAccountScene,
  PASSWORD,
  seals,
  send,
  tidyLedger,
} from './account-scene.testing.ts';

beforeAll(openAccountScene);
afterAll(closeAccountScene);
beforeEach(tidyLedger);

it('creates, locks, unlocks and moves accounts; every change is settled on the ledger', async () => {
  const { headers } = await enter('admin');
  ledger.entries = [];
  const payload = {
    ...{ username: 'nina', displayName: 'N', role: 'qa', password: PASSWORD, personId: 'n1' },
  };
  const made = await send('POST', '/accounts', { headers, payload });
  expect(made.statusCode).toBe(201);
  const { id } = made.json<AccountView>();
  const post = async (tail: string, body?: Record<string, string>) =>
    (await send('POST', `/accounts/${id}/${tail}`, { headers, ...(body && { payload: body }) }))
      .statusCode;
  expect(await post('lock')).toBe(204);
  expect((await enter('nina')).answer.statusCode).toBe(423);
  expect(await post('unlock')).toBe(204);
  expect(await post('role', { role: 'analyst' })).toBe(204);
  expect(await post('password', { password: 'another horse battery' })).toBe(204);
  expect((await enter('nina')).answer.statusCode).toBe(401);
  expect((await enter('nina', { password: 'another horse battery' })).answer.statusCode).toBe(200);
  expect((await send('DELETE', `/accounts/${id}/totp`, { headers })).statusCode).toBe(204);
  const changes = ledger.entries.filter(({ action }) => action.startsWith('account.'));
  expect(changes.map(({ action }) => action)).toEqual([
    ...['account.create', 'account.lock', 'account.unlock'],
    ...['account.change', 'account.change', 'account.change'],
  ]);
  expect(changes.every(({ resource }) => resource === id)).toBe(true);
  expect(ledger.settled.length).toBe(changes.length);
  const { accounts } = (await send('GET', '/accounts', { headers })).json<{
    accounts: AccountView[];
  }>();
  expect(accounts.find((one) => one.id === id)).toMatchObject({
    role: 'analyst',
    secondFactor: false,
  });
});

it('changes nothing when the ledger cannot be written', async () => {
  const { headers } = await enter('admin');
  const { id } = await account('norma', 'qa');
  ledger.fails = true;
  const payload = {
    ...{ username: 'nobody', displayName: 'N', role: 'qa', password: PASSWORD, personId: 'n2' },
  };
  for (const answer of [
    await send('POST', '/accounts', { headers, payload }),
    await send('POST', `/accounts/${id}/lock`, { headers }),
    await send('POST', `/accounts/${id}/role`, { headers, payload: { role: 'admin' } }),
    await send('POST', '/api-keys', { headers, payload: { name: 'k' } }),
  ]) {
    expect(answer.statusCode).toBe(503);
  }
  const staff = await database.db.selectFrom('staff').selectAll().execute();
  expect(staff.find(({ username }) => username === 'nobody')).toBeUndefined();
  const norma = staff.find(({ actor_id }) => actor_id === id);
  expect(norma).toMatchObject({ role: 'qa', locked_at: null });
  expect(await database.db.selectFrom('api_key').selectAll().execute()).toEqual([]);
});

it('lets nobody but administrators at accounts and keys, and puts the attempt on the ledger', async () => {
  const { headers } = await enter('operator');
  ledger.entries = [];
  const { id } = await account('niels', 'qa');
  const asked: [Parameters<typeof send>[0], string, Record<string, string>?][] = [
    ['GET', '/accounts'],
    ['POST', '/accounts', { username: 'x1' }],
    ['POST', `/accounts/${id}/lock`],
    ['POST', `/accounts/${id}/unlock`],
    ['POST', `/accounts/${id}/role`, { role: 'admin' }],
    ['POST', `/accounts/${id}/password`, { password: PASSWORD }],
    ['POST', `/accounts/${id}/person`, { personId: '7' }],
    ['DELETE', `/accounts/${id}/totp`],
    ['GET', '/api-keys'],
    ['POST', '/api-keys', { name: 'k' }],
    ['POST', `/accounts/${id}/api-keys`, { name: 'k' }],
    ['DELETE', `/api-keys/${id}`],
  ];
  for (const [method, url, payload] of asked) {
    const answer = await send(method, url, { headers, ...(payload && { payload }) });
    expect([method, url, answer.statusCode]).toEqual([method, url, 403]);
    expect(answer.json()).toMatchObject({ code: 'FORBIDDEN', rule: 'operator.role' });
    const { headers: _none, ...anonymous } = { headers, ...(payload && { payload }) };
    expect((await send(method, url, anonymous)).statusCode).toBe(401);
  }
  expect(ledger.entries.length).toBe(asked.length);
  expect(ledger.entries.every(({ outcome }) => outcome === 'refused')).toBe(true);
});

it('lets no administrator lock, move or reset themselves', async () => {
  const { headers, answer } = await enter('admin');
  const { id } = answer.json<SessionView>().actor;
  const tried = [
    await send('POST', `/accounts/${id}/lock`, { headers }),
    await send('POST', `/accounts/${id}/role`, { headers, payload: { role: 'qa' } }),
    await send('POST', `/accounts/${id}/password`, { headers, payload: { password: PASSWORD } }),
    await send('DELETE', `/accounts/${id}/totp`, { headers }),
  ];
  for (const one of tried) expect(one.json()).toMatchObject({ status: 403, code: 'OWN_ACCOUNT' });
});

it('issues a key that opens intake and nothing else, until it is revoked', async () => {
  const { headers } = await enter('admin');
  const issued = await send('POST', '/api-keys', { headers, payload: { name: 'pbx' } });
  expect(issued.statusCode).toBe(201);
  const { key, id } = issued.json<{ key: string; id: string }>();
  const service = { authorization: `Bearer ${key}` };
  const session = await send('GET', '/session', { headers: service });
  expect(session.json<SessionView>().abilities).toEqual([{ action: 'create', subject: 'record' }]);
  expect((await send('GET', '/accounts', { headers: service })).statusCode).toBe(403);
  expect((await send('POST', '/session/totp', { headers: service })).statusCode).toBe(401);
  expect((await send('GET', '/api-keys', { headers })).body).not.toContain(key);
  expect((await send('DELETE', `/api-keys/${id}`, { headers })).statusCode).toBe(204);
  expect((await send('GET', '/session', { headers: service })).statusCode).toBe(401);
  expect((await send('DELETE', `/api-keys/${id}`, { headers })).statusCode).toBe(404);
});

it('ends nobody else’s session, but for an administrator', async () => {
  const { id } = await account('lilo', 'qa');
  const { headers } = await enter('lilo');
  const sessions = (await send('GET', '/session/list', { headers })).json<SessionsView>().sessions;
  const mine = sessions[0]?.id ?? '';
  const { headers: qa } = await enter('qa');
  expect((await send('DELETE', `/session/list/${mine}`, { headers: qa })).statusCode).toBe(404);
  expect((await send('GET', `/accounts/${id}/sessions`, { headers: qa })).statusCode).toBe(403);
  const { headers: admin } = await enter('admin');
  const seen = await send('GET', `/accounts/${id}/sessions`, { headers: admin });
  expect(seen.json<SessionsView>().sessions).toMatchObject([{ id: mine, current: false }]);
  const { accounts } = (await send('GET', '/accounts', { headers: admin })).json<{
    accounts: AccountView[];
  }>();
  expect(accounts.find((one) => one.id === id)?.seenAt).toBeDefined();
  const url = `/accounts/${id}/sessions/${mine}`;
  expect((await send('DELETE', url, { headers: admin })).statusCode).toBe(204);
  expect((await send('GET', '/session', { headers })).statusCode).toBe(401);
});

it('tells an administrator which accounts are one person’s, and asks for whose a new one is', async () => {
  const { headers } = await enter('admin');
  const make = (username: string, more: Record<string, string>) =>
    send('POST', '/accounts', {
      headers,
      payload: { username, displayName: 'P', role: 'qa', password: PASSWORD, ...more },
    });
  expect((await make('nameless', {})).json()).toMatchObject({
    ...{ status: 400, code: 'REQUEST_INVALID', field: 'body/personId' },
  });
  const first = (await make('one', { personId: 'G100' })).json<AccountView>();
  const second = (await make('two', { personId: ' g100' })).json<AccountView>();
  expect(second).toMatchObject({ person: true, samePersonAs: [first.id] });
  const older = await account('older', 'qa');
  const url = `/accounts/${older.id}/person`;
  expect((await send('POST', url, { headers, payload: { personId: 'G100' } })).statusCode).toBe(
    204,
  );
  const { accounts } = (await send('GET', '/accounts', { headers })).json<{
    accounts: AccountView[];
  }>();
  const shared = accounts.find((one) => one.id === older.id)?.samePersonAs;
  expect(shared?.sort()).toEqual([first.id, second.id].sort());
  expect(JSON.stringify(ledger.entries)).not.toMatch(/g100/i);
});

it.each([
  ['/session', { username: 'qa' }, 'body/password'],
  ['/session', { username: 'qa', password: 'x', more: 1 }, 'body/more'],
  ['/setup', { token: 't', username: 'UP', displayName: 'x', password: PASSWORD }, 'body/username'],
])('refuses %s with %o naming the field', async (url, payload, field) => {
  expect((await send('POST', url, { payload })).json()).toMatchObject({
    ...{ status: 400, code: 'REQUEST_INVALID', field },
  });
});

it('makes no first administrator where there is one', async () => {
  const tools = { db: database.db, clock: systemClock, random: systemRandom, seals };
  expect(await issueSetupToken(tools)).toBeUndefined();
  const payload = {
    ...{ token: 'guess', username: 'root', displayName: 'R', password: PASSWORD, personId: '1' },
  };
  const answer = await send('POST', '/setup', { payload });
  expect(answer.json()).toMatchObject({ status: 401, code: 'SETUP_TOKEN_INVALID' });
});
