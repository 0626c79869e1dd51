import type { AccessRequestView, PasskeyView } from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { confirmPasskey } from '../../access/passkeys/index.ts';
import { systemRandom } from '../../core/random.ts';
import { ARCHIVE_ID } from '../../intake/intake-scene.testing.ts';
import { createNotices } from '../../notices/index.ts';
import {
  ask,
  basic,
  clock,
  core,
  devices,
  enrolled,
  get,
  handled,
  headers,
  minutesOn,
  openAccessScene,
  plays,
  post,
  register,
  scene,
  sign,
  tidyAccessScene,
} from './access-scene.testing.ts';

beforeAll(openAccessScene);
afterAll(() => scene.close());
afterEach(tidyAccessScene);

it('rows that a database superuser writes open nothing', async () => {
  const { db } = scene.intake.database;
  const request = await ask();
  await sign('one', request.id);
  // The second approval, forged from the first one's row.
  await sql`insert into access_decision (id, request_id, actor_id, actor_role, person, decision, at,
      assertion)
    select gen_random_uuid(), request_id, actor_id, actor_role, 'forged', decision, at, assertion
    from access_decision where request_id = ${request.id}`.execute(db);
  await sql`update access_request set state = 'approved', live_since = now(),
    ends_at = now() + interval '1 hour' where id = ${request.id}`.execute(db);
  expect(await plays('auditor')).toBe(403);
  const { body } = await get<AccessRequestView>('auditor', `/access/requests/${request.id}`);
  expect(body.state).toBe('ended');
  // More records than were signed for.
  const other = await ask({ recordIds: [basic.id] });
  await sql`update access_request set canonical = replace(canonical, ${basic.id}, ${core.id})
    where id = ${other.id}`.execute(db);
  await sign('one', other.id);
  await sql`update access_request set canonical = replace(canonical, ${core.id}, ${handled.id})
    where id = ${other.id}`.execute(db);
  await sign('two', other.id);
  expect(await plays('auditor', handled.id)).toBe(403);
  // A passkey that nobody confirmed.
  const id = await register('operator');
  await sql`update passkey set state = 'enrolled' where id = ${id}`.execute(db);
  const { body: mine } = await get<{ passkeys: PasskeyView[] }>('operator', '/access/passkeys');
  expect(mine.passkeys.map((one) => one.state)).toEqual(['revoked']);
});

it('what was rejected does not come back when rows say that it was over sooner', async () => {
  const { db } = scene.intake.database;
  const { id } = await ask();
  await sign('one', id);
  const { canonical } = await db
    .selectFrom('access_request')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const soon = new Date(clock.now().getTime() + 1000);
  const short = { decide_by: soon, canonical: canonical.replace('"minutes":30', '"minutes":5') };
  await db.updateTable('access_request').set(short).where('id', '=', id).execute();
  await post('three', `/access/requests/${id}/reject`, { reason: '范围过大' });
  minutesOn(10);
  const other = await ask();
  for (const name of ['one', 'two']) await sign(name, other.id);
  await post('auditor', `/access/requests/${other.id}/withdraw`);
  const again = {
    state: 'pending',
    decide_by: new Date(clock.now().getTime() + 3_600_000),
    canonical,
  };
  await db.updateTable('access_request').set(again).where('id', '=', id).execute();
  await sign('two', id);
  expect(await plays('auditor')).toBe(403);
});

it('a request whose row names another person for its requester gives them nothing', async () => {
  const { db } = scene.intake.database;
  devices.delete('twin');
  await enrolled('twin');
  const { id } = await ask({ recordIds: [handled.id] });
  const { canonical } = await db
    .selectFrom('access_request')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const forged = canonical.replace(/"person":"[0-9a-f]{32}"/, `"person":"${'0'.repeat(32)}"`);
  await db.updateTable('access_request').set({ canonical: forged }).where('id', '=', id).execute();
  // The requester's own second account signs, and a colleague who cannot see it.
  const own = await sign('twin', id);
  expect([own.status, own.body.code]).toEqual([404, 'REQUEST_UNKNOWN']);
  await sign('one', id);
  expect(await plays('auditor', handled.id)).toBe(403);
});

it('a role that ends takes what the key room knows, not only what rows say', async () => {
  const { db } = scene.intake.database;
  headers.set('hidden', await scene.person('auditor', { name: 'hidden' }));
  await enrolled('hidden');
  const { id } = await ask({}, 'hidden');
  for (const name of ['one', 'two']) await sign(name, id);
  expect(await plays('hidden')).toBe(200);
  const { body: me } = await get<{ actor: { id: string } }>('hidden', '/session');
  await db.deleteFrom('access_request').where('id', '=', id).execute();
  await db
    .updateTable('passkey')
    .set({ state: 'revoked' })
    .where('actor_id', '=', me.actor.id)
    .execute();
  await post('admin', `/accounts/${me.actor.id}/role`, { role: 'analyst' });
  const { warrants } = scene.intake;
  expect((await warrants.liveFor(me.actor.id, clock.now())).grants).toEqual([]);
  const keys = await warrants.passkeys();
  expect(keys.filter((one) => one.account === me.actor.id)).toEqual([]);
});

it('hands out nothing to be signed that is not the request or the passkey one looks at', async () => {
  const { db } = scene.intake.database;
  const asking = await ask();
  const other = await ask({ fields: ['original'] });
  const { canonical } = await db
    .selectFrom('access_request')
    .select('canonical')
    .where('id', '=', other.id)
    .executeTakeFirstOrThrow();
  const id = await register('operator');
  await sql`update passkey set canonical = ${canonical} where id = ${id}`.execute(db);
  await sql`update access_request set canonical = ${canonical} where id = ${asking.id}`.execute(db);
  const challenge = (path: string) => get('one', `/access/${path}/challenge`);
  expect((await challenge(`passkeys/${id}`)).body.code).toBe('PASSKEY_UNKNOWN');
  expect((await challenge(`requests/${asking.id}`)).body.code).toBe('REQUEST_UNKNOWN');
  const assertion = devices.get('one')?.sign(canonical);
  const approved = await post('one', `/access/requests/${asking.id}/approve`, { assertion });
  expect(approved.body.code).toBe('REQUEST_UNKNOWN');
  expect((await post('operator', `/access/passkeys/${id}/revoke`)).status).toBe(200);
});

it('one account confirms a passkey once, whatever person number it is given in between', async () => {
  const { db } = scene.intake.database;
  const tools = { ...scene.intake, db };
  const isFounding = async () => true;
  const enrolled: unknown[] = [];
  const enrol = async (canonical: string) => void enrolled.push(canonical);
  const deps = {
    ...{ db, clock, random: systemRandom, audit: tools.intake.audit, archiveId: ARCHIVE_ID },
    ...{ notices: createNotices({ clock }), archiveName: 'A' },
    relyingParty: () => ({ ids: [], origins: [] }),
    warrants: { ...tools.warrants, isFounding, enrol },
  };
  const id = await register('leaver');
  const { body: me } = await get<{ actor: { id: string } }>('admin', '/session');
  const admin = { actorId: me.actor.id, username: 'a', displayName: 'a', role: 'admin' as const };
  const confirm = (personRef: string) =>
    confirmPasskey(deps, { ...admin, personRef }, { id, by: 'password' }, 'r');
  await confirm('1'.repeat(32));
  await expect(confirm('2'.repeat(32))).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
  expect(enrolled).toEqual([]);
});
