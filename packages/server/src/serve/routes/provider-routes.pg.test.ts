import type { ProvidersView, SessionView } from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Admission } from '../../access/identity/index.ts';
import { createAccount, listAccounts, setLocked } from '../../access/index.ts';
import { changing, testSeals } from '../../access/seals.testing.ts';
import { systemClock as clock } from '../../core/clock.ts';
import { oidcProvider } from '../../platform/identity/oidc-provider.ts';
import { type OidcScene, oidcScene } from '../../platform/identity/oidc-scene.testing.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const ORIGIN = 'https://localhost:8443';
const PASSWORD = 'correct horse battery';
let oidc: OidcScene;
let scene: ServeScene;
const admission: Admission & { roles: Admission['roles'][number][] } = {
  provider: 'corp',
  linkByPerson: false,
  roles: [],
};
const ROLES: Admission['roles'] = [
  { claim: 'groups', value: 'voxkeep-qa', role: 'qa' },
  { claim: 'groups', value: 'voxkeep-calls', role: 'agent', agentIdClaim: 'number', team: '一组' },
];

beforeAll(async () => {
  oidc = await oidcScene(`${ORIGIN}/auth/corp/callback`);
  const options = {
    ...{ id: 'corp', label: { zh: '统一认证', en: 'Corporate sign-in' }, issuer: oidc.issuer },
    ...{ clientId: 'voxkeep', clientSecret: 'a secret of sixteen letters' },
    ...{ scopes: ['openid', 'profile'], nameClaim: 'name', usernameClaim: 'preferred_username' },
    ...{ personClaim: 'number', furtherOrigins: [], authority: oidc.authority },
  };
  const provider = oidcProvider(options);
  const elsewhere = oidcProvider({ ...options, id: 'gone', issuer: 'https://localhost:1' });
  const providers = [
    { provider, admission },
    { provider: elsewhere, admission: { ...admission, provider: 'gone' } },
  ];
  scene = await serveScene({}, { deps: { providers, publicOrigin: ORIGIN } });
}, 60_000);
afterAll(async () => {
  await scene.close();
  await oidc.stop();
});
beforeEach(() => {
  admission.roles = [...ROLES];
  admission.linkByPerson = false;
  scene.intake.entries.length = 0;
});

const deps = () => ({ db: scene.intake.database.db, clock, seals: testSeals() });
const cookieOf = (lines: string | string[] | undefined, name: string) =>
  [lines ?? []]
    .flat()
    .find((line) => line.startsWith(name))
    ?.split(';')[0] ?? '';
const STATE = '__Host-voxkeep.provider_state=';
const SESSION = '__Host-voxkeep.session_token=';

async function start(provider = 'corp') {
  const answer = await scene.send('GET', `/auth/${provider}/start`);
  const { location } = answer.headers;
  return {
    answer,
    location: String(location),
    cookie: cookieOf(answer.headers['set-cookie'], STATE),
  };
}
const arrive = (back: URL, cookie: string) =>
  scene.send('GET', `${back.pathname}${back.search}`, { cookie });
/** The whole way as a browser goes it. */
async function enter(login: string) {
  const { location, cookie } = await start();
  const answer = await arrive(await oidc.walk(location, login), cookie);
  const session = cookieOf(answer.headers['set-cookie'], SESSION);
  return { answer, headers: { cookie: session } };
}
const sessionOf = async (headers: { cookie: string }) => {
  const answer = await scene.send('GET', '/api/v1/session', headers);
  return answer.status === 200 ? (JSON.parse(answer.text) as SessionView).actor : undefined;
};
const acts = () =>
  scene.intake.entries.map(({ action, outcome, detail }) =>
    [action, outcome, detail?.['code'] ?? detail?.['role'] ?? ''].join(' ').trim(),
  );

it('says which providers there are to whoever has to sign in', async () => {
  const answer = await scene.send('GET', '/api/v1/session/providers');
  expect((JSON.parse(answer.text) as ProvidersView).providers[0]).toEqual({
    ...{ id: 'corp', kind: 'redirect', label: { zh: '统一认证', en: 'Corporate sign-in' } },
  });
});

it('lets in whom the provider proves, in the mapped role, and makes the account once', async () => {
  const { answer, headers } = await enter('wang');
  expect(answer.status).toBe(200);
  // On a redirect the browser would leave the Strict cookie behind.
  expect(answer.text).toContain('http-equiv="refresh"');
  expect(await sessionOf(headers)).toMatchObject({
    ...{ username: 'wang', displayName: 'Name of wang', role: 'qa' },
  });
  expect(acts()).toEqual(['account.create ok qa', 'session.sign_in ok']);
  const first = (await listAccounts(deps())).filter(({ username }) => username === 'wang');
  scene.intake.entries.length = 0;
  await enter('wang');
  expect(acts()).toEqual(['session.sign_in ok']);
  const again = (await listAccounts(deps())).filter(({ provider }) => provider === 'corp');
  expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  expect(first[0]?.personRef).toBe(deps().seals.personRef('N-wang'));
});

it('gives an agent the number and team that the provider and the mapping say', async () => {
  const { headers } = await enter('chen');
  expect(await sessionOf(headers)).toMatchObject({
    ...{ role: 'agent', agentId: 'N-chen', teamId: '一组' },
  });
});

it('refuses whom no line gives a role, and makes no account', async () => {
  const { answer, headers } = await enter('nobody');
  expect([answer.status, answer.headers['location']]).toEqual([
    ...[303, '/sign-in?refused=IDENTITY_UNMAPPED'],
  ]);
  expect(headers.cookie).toBe('');
  expect(acts()).toEqual(['session.sign_in refused IDENTITY_UNMAPPED']);
  expect((await listAccounts(deps())).some(({ username }) => username === 'nobody')).toBe(false);
});

it('takes over another role at the next sign-in, and ends the sessions of the old one', async () => {
  const { headers } = await enter('wang.two');
  const held = await sessionOf(headers);
  expect(held).toMatchObject({ role: 'qa' });
  const { db } = scene.intake.database;
  const passkey = '0198a1b2-0000-7000-8000-0000000000aa';
  await sql`insert into passkey (id, actor_id, person, label, state, credential_id, canonical,
    created_at) values (${passkey}, ${held?.id}, 'p', 'x', 'enrolled', 'c', '{}', now())`.execute(
    db,
  );
  admission.roles = [{ claim: 'groups', value: 'staff', role: 'trainer' }];
  scene.intake.entries.length = 0;
  const { headers: next } = await enter('wang.two');
  expect(await sessionOf(headers)).toBeUndefined();
  const { state } = await db
    .selectFrom('passkey')
    .select('state')
    .where('id', '=', passkey)
    .executeTakeFirstOrThrow();
  expect(state).toBe('revoked');
  expect(await sessionOf(next)).toMatchObject({ role: 'trainer' });
  expect(acts()).toEqual(['account.change ok trainer', 'session.sign_in ok']);
  admission.roles = [];
  expect((await enter('wang.two')).answer.headers['location']).toContain('IDENTITY_UNMAPPED');
});

it('never lets anybody into an account that only has the same name', async () => {
  const local = await createAccount(deps(), {
    ...{ username: 'wang.three', displayName: 'Local', role: 'admin', password: PASSWORD },
  });
  const { headers } = await enter('wang.three');
  const actor = await sessionOf(headers);
  expect(actor?.role).toBe('qa');
  expect(actor?.id).not.toBe(local.id);
  expect(actor?.username).toMatch(/^wang\.three-[0-9a-f]{6}$/);
});

it('lets into an own account whom an administrator linked, in the role that it has', async () => {
  const admin = await scene.person('admin');
  const local = await createAccount(deps(), {
    ...{ username: 'linked', displayName: 'Local', role: 'trainer', password: PASSWORD },
  });
  const link = (id: string, subject: string, provider = 'corp') =>
    scene.send(
      ...(['POST', `/api/v1/accounts/${id}/identity`] as const),
      { ...admin, 'content-type': 'application/json' },
      JSON.stringify({ provider, subject }),
    );
  const subject = `${oidc.issuer}\0boss`;
  expect((await link(local.id, subject)).status).toBe(400);
  expect((await link(local.id, 'boss', 'other')).status).toBe(400);
  expect((await link(local.id, `${oidc.issuer} boss`)).status).toBe(204);
  const other = await createAccount(deps(), {
    ...{ username: 'other', displayName: 'Other', role: 'trainer', password: PASSWORD },
  });
  const taken = await link(other.id, `${oidc.issuer} boss`);
  expect([taken.status, problemIn(taken).code]).toEqual([409, 'IDENTITY_TAKEN']);
  const made = (await listAccounts(deps())).find(({ username }) => username === 'wang');
  const unlinkable = await link(made?.id ?? '', `${oidc.issuer} somebody`);
  expect([unlinkable.status, problemIn(unlinkable).code]).toEqual([409, 'IDENTITY_UNLINKABLE']);
  const { headers } = await enter('boss');
  expect(await sessionOf(headers)).toMatchObject({ id: local.id, role: 'trainer' });
});

it('finds an own account by the person number only where that is wanted, and only one', async () => {
  const account = (username: string) =>
    createAccount(deps(), {
      ...{ username, displayName: 'L', role: 'compliance', password: PASSWORD },
      personId: 'N-hr1',
    });
  const local = await account('hr1local');
  expect((await enter('hr1')).answer.headers['location']).toContain('IDENTITY_UNMAPPED');
  admission.linkByPerson = true;
  const { headers } = await enter('hr1');
  expect(await sessionOf(headers)).toMatchObject({ id: local.id, role: 'compliance' });
});

it('leads an outside auditor to the engagement that their account is for', async () => {
  const engagementId = '0198a1b2-0000-7000-8000-0000000000e1';
  const { id } = await createAccount(deps(), {
    ...{ username: 'outsider', displayName: 'O', role: 'auditor', password: PASSWORD },
    personId: 'N-outsider',
    within: { engagementId, opensAt: new Date(0), shutsAt: new Date('2999-01-01') },
  });
  admission.linkByPerson = true;
  const { answer, headers } = await enter('outsider');
  expect(answer.text).toContain(`content="0;url=/compliance/engagements/${engagementId}"`);
  expect(await sessionOf(headers)).toMatchObject({ id, role: 'auditor', engagementId });
});

it('lets nobody into a locked account', async () => {
  const { headers } = await enter('wang.four');
  const { id = '' } = (await sessionOf(headers)) ?? {};
  await changing(deps(), (tx) => setLocked(tx, id, true));
  expect((await enter('wang.four')).answer.headers['location']).toContain('ACCOUNT_LOCKED');
});

it('takes an answer once, from the browser that asked, with the state it began with', async () => {
  const { location, cookie } = await start();
  const back = await oidc.walk(location, 'wang');
  const other = await start();
  const wrong = new URL(back);
  wrong.searchParams.set('state', 'another');
  const nobody = new URL(back);
  nobody.searchParams.delete('code');
  for (const [address, jar] of [
    [back, ''],
    [back, other.cookie],
    [back, `${cookie.slice(0, -2)}AA`],
    [wrong, cookie],
    [nobody, cookie],
  ] as const) {
    const answer = await arrive(address, jar);
    expect([answer.status, answer.headers['location']]).toEqual([
      ...[303, '/sign-in?refused=IDENTITY_REFUSED'],
    ]);
    expect(cookieOf(answer.headers['set-cookie'], SESSION)).toBe('');
  }
  expect((await arrive(back, cookie)).status).toBe(200);
  expect((await arrive(back, cookie)).headers['location']).toContain('IDENTITY_REFUSED');
});

it('sends the browser nowhere when the provider does not answer, and says so', async () => {
  const { answer } = await start('gone');
  expect([answer.status, answer.headers['location']]).toEqual([
    ...[303, '/sign-in?refused=PROVIDER_UNREACHABLE'],
  ]);
  expect((await scene.send('GET', '/auth/nothing/start')).status).toBe(404);
});
