import type { SessionView } from '@voxkeep/contract';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Admission, linkIdentity } from '../../access/identity/index.ts';
import { createAccount, listAccounts, setLocked, setTotp } from '../../access/index.ts';
import { changing, testSeals } from '../../access/seals.testing.ts';
import { totpCode } from '../../access/totp.testing.ts';
import { totpUri } from '../../access/totp.ts';
import { systemClock as clock } from '../../core/clock.ts';
import { ldapProvider } from '../../platform/identity/ldap-provider.ts';
import { type LdapServer, ldapServer } from '../../platform/identity/ldap-server.testing.ts';
import { testCertificate } from '../../platform/identity/tls-files.testing.ts';
import { type Answer, problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const READER = 'cn=reader,dc=example';
const OWN_PASSWORD = 'correct horse battery';
const ROLES: Admission['roles'] = [
  { claim: 'memberOf', value: 'cn=qa', role: 'qa' },
  { claim: 'memberOf', value: 'cn=calls', role: 'agent', agentIdClaim: 'extension' },
];
const entry = (uid: string, attributes: Record<string, string[]> = {}) => ({
  dn: `uid=${uid},dc=example`,
  password: passwordOf(uid),
  attributes: {
    ...{ objectClass: ['person'], uid: [uid], cn: [`Name of ${uid}`], entryUUID: [`id-${uid}`] },
    ...{ memberOf: ['cn=qa'], ...attributes },
  },
});
const passwordOf = (uid: string) => `${uid} has a password`;
const PEOPLE = [
  ...[entry('wang'), entry('guessed'), entry('unlucky'), entry('locked'), entry('careful')],
  ...[entry('same'), entry('patient'), entry('roleless', { memberOf: ['cn=staff'] })],
  entry('odd', { cn: [`\u0000\n\u202e ${'x'.repeat(58)}😀 and more `] }),
  entry('bad-number', { memberOf: ['cn=calls'], extension: ['0\u00001'] }),
];

let directory: LdapServer;
let scene: ServeScene;
beforeAll(async () => {
  const { authority, ...certificate } = await testCertificate();
  const reader = { dn: READER, password: 'reads', attributes: {} };
  directory = await ldapServer([reader, ...PEOPLE], READER, { ...certificate, from: 'first byte' });
  const options = {
    ...{ id: 'ad', label: { zh: '域账号', en: 'Directory' }, url: directory.url, authority },
    ...{ bindDn: READER, bindPassword: 'reads', base: 'dc=example', timeoutMs: 300 },
    ...{ filter: '(objectClass=person)', usernameAttribute: 'uid', idAttribute: 'entryUUID' },
    ...{ nameAttribute: 'cn', claims: ['memberOf', 'extension'] },
  };
  const admission: Admission = { provider: 'ad', linkByPerson: false, roles: ROLES };
  scene = await serveScene(
    {},
    { deps: { providers: [{ provider: ldapProvider(options), admission }] } },
  );
});
afterAll(async () => {
  await scene.close();
  await directory.close();
});
beforeEach(() => {
  directory.silent = false;
  scene.intake.entries.length = 0;
  scene.failures.length = 0;
});

const deps = () => ({ db: scene.intake.database.db, clock, seals: testSeals() });
const JSON_TYPE = { 'x-voxkeep-csrf': '1', 'content-type': 'application/json' };
const enter = (username: string, password = passwordOf(username), more: object = {}) =>
  scene.send(
    ...(['POST', '/api/v1/session', JSON_TYPE] as const),
    JSON.stringify({ username, password, provider: 'ad', ...more }),
  );
const actorIn = (answer: Answer) => (JSON.parse(answer.text) as SessionView).actor;
const acts = () =>
  scene.intake.entries.map(({ action, outcome, detail }) =>
    [action, outcome, detail?.['code'] ?? detail?.['role'] ?? ''].join(' ').trim(),
  );
async function accountOf(username: string) {
  return (await listAccounts(deps())).find((one) => one.username === username);
}
/** Refused: by this status and code, without a session, and as the last thing on the ledger. */
function expectRefused(answer: Answer, status: number, code: string): void {
  expect([answer.status, problemIn(answer).code]).toEqual([status, code]);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(acts().at(-1)).toBe(`session.sign_in refused ${code}`);
}

it('lets in whom the directory proves, in the mapped role, and makes the account once', async () => {
  const answer = await enter('wang');
  expect(answer.status).toBe(200);
  expect(actorIn(answer)).toMatchObject({
    ...{ username: 'wang', displayName: 'Name of wang', role: 'qa' },
  });
  expect(String(answer.headers['set-cookie'])).toContain('__Host-voxkeep.session_token=');
  expect(acts()).toEqual(['account.create ok qa', 'session.sign_in ok']);
  expect(actorIn(await enter('wang')).id).toBe(actorIn(answer).id);
  expect(acts().slice(2)).toEqual(['session.sign_in ok']);
  expect(directory.overheard).toBe(false);
});

it('says the same of a wrong password, an unknown name and a name that is a filter', async () => {
  const answers = [
    await enter('wang', 'wrong'),
    await enter('nobody'),
    await enter('*', passwordOf('wang')),
    await enter('wang)(uid=*', passwordOf('wang')),
  ];
  for (const answer of answers) expectRefused(answer, 401, 'SIGN_IN_FAILED');
  const told = answers.map((answer) => ({ ...problemIn(answer), instance: '', requestId: '' }));
  expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(await accountOf('nobody')).toBeUndefined();
});

it('shuts a name after ten wrong passwords, however it is written', async () => {
  const written = ['guessed', 'GUESSED', ' guessed', 'guessed  ', 'ｇuessed', 'gue\u00adssed'];
  for (let n = 0; n < 10; n += 1) {
    expectRefused(await enter(written[n % written.length] ?? '', 'wrong'), 401, 'SIGN_IN_FAILED');
  }
  const heard = directory.heard.length;
  expectRefused(await enter('guessed'), 423, 'ACCOUNT_LOCKED');
  // The directory is not asked either, so that its own lock is not at anybody's hand.
  expect(directory.heard.length).toBe(heard);
  expect((await enter('wang')).status).toBe(200);
});

it('tells of an administrator’s lock only who has the right password', async () => {
  const { id } = actorIn(await enter('locked'));
  await changing(deps(), (tx) => setLocked(tx, id, true));
  expectRefused(await enter('locked', 'wrong'), 401, 'SIGN_IN_FAILED');
  expectRefused(await enter('locked'), 423, 'ACCOUNT_LOCKED');
});

it('refuses whom no line gives a role, and makes no account', async () => {
  expectRefused(await enter('roleless'), 403, 'IDENTITY_UNMAPPED');
  expect(await accountOf('roleless')).toBeUndefined();
});

it('signs nobody in while the directory stands still, and counts that against nobody', async () => {
  directory.silent = true;
  for (let n = 0; n < 11; n += 1) {
    expectRefused(await enter('patient'), 503, 'PROVIDER_UNREACHABLE');
  }
  expect(await accountOf('patient')).toBeUndefined();
  directory.silent = false;
  expect((await enter('patient')).status).toBe(200);
});

it('asks for the code of an account that has a second factor, and takes it once', async () => {
  const { id } = await createAccount(deps(), {
    ...{ username: 'own', displayName: 'Own', role: 'qa', password: OWN_PASSWORD },
  });
  const subject = Buffer.from('id-careful').toString('hex');
  const secret = Buffer.alloc(20, 7);
  await changing(deps(), async (tx) => {
    await linkIdentity(tx, id, { provider: 'ad', subject });
    await setTotp(tx, id, tx.seals.hide(id, secret));
  });
  expectRefused(await enter('careful'), 401, 'TOTP_REQUIRED');
  expectRefused(await enter('careful', undefined, { totp: '000000' }), 401, 'TOTP_WRONG');
  const totp = totpCode(totpUri(secret, 'own'));
  expect(actorIn(await enter('careful', undefined, { totp })).id).toBe(id);
  expectRefused(await enter('careful', undefined, { totp }), 401, 'TOTP_WRONG');
});

it('never opens an own account by the directory’s password, nor the other way round', async () => {
  const own = await createAccount(deps(), {
    ...{ username: 'same', displayName: 'Local', role: 'admin', password: OWN_PASSWORD },
  });
  expectRefused(await enter('same', OWN_PASSWORD), 401, 'SIGN_IN_FAILED');
  const actor = actorIn(await enter('same'));
  expect([actor.id === own.id, actor.role]).toEqual([false, 'qa']);
  const typed = { username: actor.username, password: passwordOf('same'), provider: undefined };
  expectRefused(await enter(typed.username, typed.password, typed), 401, 'SIGN_IN_FAILED');
});

it('asks nobody when no such directory is configured', async () => {
  const answer = await enter('wang', undefined, { provider: 'other' });
  expect([answer.status, problemIn(answer).field]).toEqual([400, 'body/provider']);
  expect(answer.headers['set-cookie']).toBeUndefined();
});

it('shows a name from the directory without what would show it otherwise, and whole letters', async () => {
  const answer = await enter('odd');
  expect([answer.status, scene.failures]).toEqual([200, []]);
  expect(actorIn(answer).displayName).toBe(`${'x'.repeat(58)}😀`);
  // What is stored is what was sealed: the account is still there.
  expect((await accountOf('odd'))?.id).toBe(actorIn(answer).id);
});

it('takes a number with something unprintable in it for none', async () => {
  expectRefused(await enter('bad-number'), 403, 'IDENTITY_UNMAPPED');
  expect(scene.failures).toEqual([]);
});
