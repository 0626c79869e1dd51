import type { AccountView, Role, SessionsView, SessionView } from '@voxkeep/contract';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  ACCESS_STATUS,
  authenticate,
  cookieHeader,
  createAccount,
  issueSetupToken,
} from '../../access/index.ts';
import { testSeals } from '../../access/seals.testing.ts';
import { totpCode } from '../../access/totp.testing.ts';
import type { Audit, AuditEntry } from '../../core/audit.ts';
import { systemClock } from '../../core/clock.ts';
import { ArchiveError } from '../../core/errors.ts';
import { systemRandom } from '../../core/random.ts';
import { entryBody } from '../../ledger/entry.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { createGate } from '../http/gate.ts';
import { problemOf } from '../problem.ts';
import { accountRoutes } from './account-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { sessionRoutes } from './session-routes.ts';

const seals = testSeals();
const PASSWORD = 'correct horse battery';
let database: Awaited<ReturnType<typeof testDatabase>>;
let app: FastifyInstance;
let entries: AuditEntry[] = [];
let settled: string[] = [];
let ledgerFails = false;

/** A ledger in memory that checks entries as the real one does, and can be switched off. */
const audit: Audit = {
  append: async (_tx, entry) => {
    const { actor, ...rest } = entry;
    entryBody({ actorId: actor.id, actorRole: actor.role, ...rest }, new Date());
    if (ledgerFails) throw new ArchiveError('LEDGER_UNAVAILABLE', 'switched off');
    entries.push(entry);
    return { outboxId: String(entries.length) };
  },
  settle: async (outboxId) => {
    settled.push(outboxId);
    return { index: Number(outboxId) };
  },
};

beforeAll(async () => {
  database = await testDatabase();
  const tools = { db: database.db, clock: systemClock };
  const signIn = { ...tools, random: systemRandom, seals };
  const warrants = {
    passkeys: async () => [],
    liveFor: async () => ({ grants: [], mandates: [] }),
  };
  const deps = {
    ...tools,
    warrants,
    audit,
    timeZone: 'Asia/Shanghai',
    archiveName: '留声',
    providers: [],
    signIn,
  };
  const gate = createGate(deps, (request) => authenticate(signIn, request.headers));
  app = Fastify({ genReqId: () => 'r1' });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id, ACCESS_STATUS);
    return reply.code(problem.status).send(problem);
  });
  // The routes under test touch no other port.
  authRoutes(app, deps as never, gate);
  accountRoutes(app, deps as never, gate);
  sessionRoutes(app, deps as never, gate);
  await app.ready();
  for (const role of ['admin', 'qa', 'operator'] as const) await account(role, role);
});
afterAll(async () => {
  await app.close();
  await database.close();
});
beforeEach(() => {
  entries = [];
  settled = [];
  ledgerFails = false;
});

const account = (username: string, role: Role) =>
  createAccount(
    { db: database.db, clock: systemClock, seals },
    { username, displayName: 'P', role, password: PASSWORD, agentId: '001', teamId: 'a' },
  );
const send = (method: 'GET' | 'POST' | 'DELETE', url: string, more: InjectOptions = {}) =>
  app.inject({ method, url, ...more });
async function enter(username: string, more: Record<string, string> = {}) {
  const payload = { username, password: PASSWORD, ...more };
  const answer = await send('POST', '/session', { payload });
  const lines = [answer.headers['set-cookie'] ?? []].flat();
  return { answer, headers: { cookie: cookieHeader(lines) } };
}

it('signs in, says who is in and what they may, and signs out; each on the ledger', async () => {
  const { answer, headers } = await enter('qa');
  expect(answer.statusCode).toBe(200);
  const session = (await send('GET', '/session', { headers })).json<SessionView>();
  expect(session.actor).toMatchObject({ username: 'qa', role: 'qa' });
  expect(session.abilities).toContainEqual({ action: 'search', subject: 'record' });
  expect(session).toMatchObject({ timeZone: 'Asia/Shanghai', secondFactor: false });
  expect((await send('DELETE', '/session', { headers })).statusCode).toBe(204);
  expect((await send('GET', '/session', { headers })).json()).toMatchObject({
    ...{ status: 401, code: 'NOT_SIGNED_IN' },
  });
  expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    ...['session.sign_in ok', 'session.sign_out ok'],
  ]);
});

it('puts a failed sign-in on the ledger by account id, never by what was typed', async () => {
  const { id } = await account('olga', 'qa');
  const attempt = (username: string) =>
    send('POST', '/session', { payload: { username, password: 'wrong-wrong' } });
  expect((await attempt('olga')).json()).toMatchObject({ status: 401, code: 'SIGN_IN_FAILED' });
  expect((await attempt('my-password-by-mistake')).statusCode).toBe(401);
  expect(entries).toMatchObject([
    { action: 'session.sign_in', outcome: 'refused', resource: id },
    { action: 'session.sign_in', outcome: 'refused', detail: { code: 'SIGN_IN_FAILED' } },
  ]);
  expect(JSON.stringify(entries)).not.toMatch(/wrong-wrong|olga|my-password/);
});

it('locks with 423 after ten failures', async () => {
  await account('otto', 'qa');
  const payload = { username: 'otto', password: 'wrong-wrong' };
  for (let time = 0; time < 10; time += 1) await send('POST', '/session', { payload });
  const { answer } = await enter('otto');
  expect(answer.json()).toMatchObject({ status: 423, code: 'ACCOUNT_LOCKED' });
});

it('opens no session that the ledger does not know', async () => {
  const { id } = await account('oskar', 'qa');
  ledgerFails = true;
  const { answer } = await enter('oskar');
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['set-cookie']).toBeUndefined();
  const sessions = database.db.selectFrom('staff_session').selectAll().where('actor_id', '=', id);
  expect(await sessions.execute()).toEqual([]);
});

it('creates, locks, unlocks and moves accounts; every change is settled on the ledger', async () => {
  const { headers } = await enter('admin');
  entries = [];
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
  const changes = entries.filter(({ action }) => action.startsWith('account.'));
  expect(changes.map(({ action }) => action)).toEqual([
    ...['account.create', 'account.lock', 'account.unlock'],
    ...['account.change', 'account.change', 'account.change'],
  ]);
  expect(changes.every(({ resource }) => resource === id)).toBe(true);
  expect(settled.length).toBe(changes.length);
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
  ledgerFails = true;
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
  entries = [];
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
  expect(entries.length).toBe(asked.length);
  expect(entries.every(({ outcome }) => outcome === 'refused')).toBe(true);
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

it('lists one’s own sessions with what began them, and ends one by one', async () => {
  const { id } = await account('lena', 'qa');
  const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36';
  const first = await enter('lena');
  const payload = { username: 'lena', password: PASSWORD };
  const second = await send('POST', '/session', { payload, headers: { 'user-agent': chrome } });
  const { headers } = first;
  const listed = async () =>
    (await send('GET', '/session/list', { headers })).json<SessionsView>().sessions;
  const [newer, older] = await listed();
  expect(newer).toMatchObject({ method: 'password', client: 'Chrome Windows', current: false });
  expect(older).toMatchObject({ current: true });
  const other = { cookie: cookieHeader([second.headers['set-cookie'] ?? []].flat()) };
  expect((await send('GET', '/session', { headers: other })).statusCode).toBe(200);
  entries = [];
  const gone = await send('DELETE', `/session/list/${newer?.id}`, { headers });
  expect(gone.statusCode).toBe(204);
  expect((await send('GET', '/session', { headers: other })).statusCode).toBe(401);
  expect(entries).toMatchObject([
    { action: 'session.end', resource: id, outcome: 'ok', detail: { session: newer?.id } },
  ]);
  expect((await listed()).length).toBe(1);
  for (const missing of [newer?.id ?? '', 'x', id]) {
    const answer = await send('DELETE', `/session/list/${missing}`, { headers });
    expect(answer.json()).toMatchObject({ status: 404, code: 'SESSION_UNKNOWN', field: 'id' });
  }
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
  expect(JSON.stringify(entries)).not.toMatch(/g100/i);
});

it('changes an own password for who knows the current one, and ends the session', async () => {
  await account('mia', 'qa');
  const { headers } = await enter('mia');
  const change = (current: string) =>
    send('POST', '/session/password', {
      headers,
      payload: { current, password: 'another horse battery' },
    });
  expect((await change('wrong-wrong')).json()).toMatchObject({ code: 'SIGN_IN_FAILED' });
  expect((await change(PASSWORD)).statusCode).toBe(204);
  expect((await send('GET', '/session', { headers })).statusCode).toBe(401);
  expect((await enter('mia', { password: 'another horse battery' })).answer.statusCode).toBe(200);
});

it('sets up a second factor over HTTP and asks for it from then on', async () => {
  await account('mona', 'qa');
  const { headers } = await enter('mona');
  const enrolled = await send('POST', '/session/totp', {
    headers,
    payload: { password: PASSWORD },
  });
  const { uri } = enrolled.json<{ uri: string }>();
  expect(uri).toMatch(/^otpauth:\/\/totp\//);
  const confirm = { headers, payload: { code: totpCode(uri) } };
  const confirmed = await send('POST', '/session/totp/confirm', confirm);
  expect(confirmed.statusCode).toBe(204);
  expect((await enter('mona')).answer.json()).toMatchObject({ status: 401, code: 'TOTP_REQUIRED' });
  const next = await enter('mona', { totp: totpCode(uri, 1) });
  expect(next.answer.statusCode).toBe(200);
  expect(next.answer.json<SessionView>().secondFactor).toBe(true);
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
