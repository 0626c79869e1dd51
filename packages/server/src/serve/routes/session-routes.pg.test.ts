import type { SessionsView, SessionView } from '@voxkeep/contract';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { cookieHeader } from '../../access/index.ts';
import { totpCode } from '../../access/totp.testing.ts';
import {
  account,
  closeAccountScene,
  database,
  enter,
  ledger,
  openAccountScene,
  PASSWORD,
  send,
  tidyLedger,
} from './account-scene.testing.ts';

beforeAll(openAccountScene);
afterAll(closeAccountScene);
beforeEach(tidyLedger);

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
  expect(ledger.entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    ...['session.sign_in ok', 'session.sign_out ok'],
  ]);
});

it('puts a failed sign-in on the ledger by account id, never by what was typed', async () => {
  const { id } = await account('olga', 'qa');
  const attempt = (username: string) =>
    send('POST', '/session', { payload: { username, password: 'wrong-wrong' } });
  expect((await attempt('olga')).json()).toMatchObject({ status: 401, code: 'SIGN_IN_FAILED' });
  expect((await attempt('my-password-by-mistake')).statusCode).toBe(401);
  expect(ledger.entries).toMatchObject([
    { action: 'session.sign_in', outcome: 'refused', resource: id },
    { action: 'session.sign_in', outcome: 'refused', detail: { code: 'SIGN_IN_FAILED' } },
  ]);
  expect(JSON.stringify(ledger.entries)).not.toMatch(/wrong-wrong|olga|my-password/);
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
  ledger.fails = true;
  const { answer } = await enter('oskar');
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['set-cookie']).toBeUndefined();
  const sessions = database.db.selectFrom('staff_session').selectAll().where('actor_id', '=', id);
  expect(await sessions.execute()).toEqual([]);
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
  ledger.entries = [];
  const gone = await send('DELETE', `/session/list/${newer?.id}`, { headers });
  expect(gone.statusCode).toBe(204);
  expect((await send('GET', '/session', { headers: other })).statusCode).toBe(401);
  expect(ledger.entries).toMatchObject([
    { action: 'session.end', resource: id, outcome: 'ok', detail: { session: newer?.id } },
  ]);
  expect((await listed()).length).toBe(1);
  for (const missing of [newer?.id ?? '', 'x', id]) {
    const answer = await send('DELETE', `/session/list/${missing}`, { headers });
    expect(answer.json()).toMatchObject({ status: 404, code: 'SESSION_UNKNOWN', field: 'id' });
  }
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
