import type { AccessRequestsView, AccessRequestView, PasskeyView } from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { cookieHeader } from '../../access/index.ts';
import { confirmPasskey } from '../../access/passkeys/index.ts';
import { tellMoments } from '../../access/requests/index.ts';
import { systemRandom } from '../../core/random.ts';
import { ARCHIVE_ID } from '../../intake/intake-scene.testing.ts';
import { TestAuthenticator } from '../../keys/warrants/authenticator.testing.ts';
import { createNotices } from '../../notices/index.ts';
import { problemIn } from '../serve-scene.testing.ts';

import {
  ask,
  asked,
  basic,
  clock,
  core,
  devices,
  enrolled,
  get,
  handled,
  headers,
  JSON_TYPE,
  minutesOn,
  openAccessScene,
  plays,
  post,
  register,
  scene,
  sign,
  tidyAccessScene,
  who,
} from './access-scene.testing.ts';

beforeAll(openAccessScene);
afterAll(() => scene.close());
afterEach(tidyAccessScene);

it('an auditor reads a core record only between the second approval and the end', async () => {
  expect(await plays('auditor')).toBe(403);
  const request = await ask();
  expect(request).toMatchObject({ state: 'pending', needs: 2, recordCount: 1, may: ['withdraw'] });
  const inbox = await get<AccessRequestsView>('one', '/access/requests?box=inbox');
  expect(inbox.body.requests[0]).toMatchObject({ id: request.id, may: ['approve', 'reject'] });
  expect(inbox.body.requests[0]?.purpose.text).toBe('客户投诉，需要核对原话');
  expect((await sign('one', request.id)).body.state).toBe('pending');
  expect(await plays('auditor')).toBe(403);
  expect((await sign('two', request.id)).body).toMatchObject({ state: 'live' });
  expect(await plays('auditor')).toBe(200);
  expect(await plays('qa')).toBe(200);
  expect((await get('auditor', `/records/${handled.id}/transcript`)).status).toBe(403);
  const { body } = await get<{ grants: AccessRequestView[] }>('auditor', '/access/grants');
  expect(body.grants.map((one) => one.id)).toContain(request.id);
  const read = scene.intake.entries.find(
    (one) => one.action === 'record.transcript' && one.outcome === 'ok',
  );
  expect(read).toMatchObject({
    ...{ outcome: 'ok', purpose: { category: 'dispute' }, detail: { by: request.id } },
  });
  minutesOn(30);
  expect(await plays('auditor')).toBe(403);
});

it.each(['withdraw', 'revoke'] as const)('%s ends a grant at once', async (verb) => {
  const request = await ask();
  for (const name of ['one', 'two']) await sign(name, request.id);
  expect(await plays('auditor')).toBe(200);
  const by = verb === 'withdraw' ? 'auditor' : 'compliance';
  const body = verb === 'withdraw' ? {} : { reason: '不再需要' };
  expect((await post(by, `/access/requests/${request.id}/${verb}`, body)).status).toBe(200);
  expect(await plays('auditor')).toBe(403);
  // And for good, whatever the rows say from then on.
  await sql`update access_request set state = 'approved' where id = ${request.id}`.execute(
    scene.intake.database.db,
  );
  expect(await plays('auditor')).toBe(403);
});

it('an auditor, who oversees, ends no request, and nobody’s passkey but their own', async () => {
  const request = await ask();
  const reason = { reason: '不再需要' };
  const refused = await post('auditor', `/access/requests/${request.id}/revoke`, reason);
  expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN']);
  const { body } = await get<{ passkeys: PasskeyView[] }>('one', '/access/passkeys');
  const path = `/access/passkeys/${body.passkeys[0]?.id}/revoke`;
  expect((await post('auditor', path)).body.code).toBe('FORBIDDEN');
  expect((await post('one', `/access/requests/${request.id}/revoke`, reason)).status).toBe(200);
});

it('neither a grant nor what waits comes back with the role it was for', async () => {
  headers.set('moved', await scene.person('auditor', { name: 'moved' }));
  const { body: session } = await get<{ actor: { id: string } }>('moved', '/session');
  const live = await ask({}, 'moved');
  for (const name of ['one', 'two']) await sign(name, live.id);
  const waiting = await ask({}, 'moved');
  expect(await plays('moved')).toBe(200);
  for (const role of ['trainer', 'auditor']) {
    const path = `/api/v1/accounts/${session.actor.id}/role`;
    const type = { ...who('admin'), ...JSON_TYPE };
    expect((await scene.send('POST', path, type, JSON.stringify({ role }))).status).toBe(204);
  }
  const attempt = JSON.stringify({ username: 'moved', password: 'correct horse battery' });
  const own = { 'x-voxkeep-csrf': '1', ...JSON_TYPE };
  const opened = await scene.send('POST', '/api/v1/session', own, attempt);
  const cookie = cookieHeader([opened.headers['set-cookie'] ?? []].flat());
  headers.set('moved', { 'x-voxkeep-csrf': '1', cookie });
  expect(await plays('moved')).toBe(403);
  expect((await sign('one', waiting.id)).body.code).toBe('REQUEST_NOT_PENDING');
});

it('one rejection ends a request, and says why to whoever asked', async () => {
  const request = await ask();
  await sign('one', request.id);
  const path = `/access/requests/${request.id}`;
  expect((await post('two', `${path}/reject`, { reason: '理由不充分' })).status).toBe(200);
  expect((await sign('three', request.id)).body.code).toBe('REQUEST_NOT_PENDING');
  const { body } = await get<AccessRequestView>('auditor', path);
  expect(body.state).toBe('rejected');
  expect(body.decisions.at(-1)).toMatchObject({ decision: 'rejected', reason: '理由不充分' });
});

it('neither one person twice, nor a second account, nor who took the call can approve', async () => {
  const request = await ask({ recordIds: [handled.id] });
  expect((await sign('one', request.id)).status).toBe(200);
  expect((await sign('one', request.id)).body.code).toBe('ALREADY_DECIDED');
  // The auditor's own second account has a passkey of its own, rightly enrolled.
  await enrolled('twin');
  expect((await sign('twin', request.id)).body.code).toBe('OWN_REQUEST');
  expect((await sign('three', request.id)).body.code).toBe('HANDLED_RECORD');
  expect(await plays('auditor', handled.id)).toBe(403);
  expect((await sign('two', request.id)).body.state).toBe('live');
  await post('auditor', `/access/requests/${request.id}/withdraw`);
});

it('a signature counts for its own request, device and account only', async () => {
  const first = await ask();
  const second = await ask();
  const { body } = await get<{ canonical: string }>(
    'one',
    `/access/requests/${first.id}/challenge`,
  );
  const device = devices.get('one') as TestAuthenticator;
  const approve = (name: string, assertion: unknown) =>
    post(name, `/access/requests/${second.id}/approve`, { assertion });
  expect((await approve('one', device.sign(body.canonical))).body.code).toBe('SIGNATURE_INVALID');
  const own = await get<{ canonical: string }>('one', `/access/requests/${second.id}/challenge`);
  const good = device.sign(own.body.canonical);
  expect((await approve('two', good)).body.code).toBe('SAME_PERSON');
  const stranger = new TestAuthenticator().sign(own.body.canonical);
  expect((await approve('one', stranger)).body.code).toBe('PASSKEY_NOT_ENROLLED');
  const unverified = device.sign(own.body.canonical, { userVerified: false });
  expect((await approve('one', unverified)).body.code).toBe('SIGNATURE_INVALID');
  expect((await approve('one', good)).status).toBe(200);
});

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

it('ends with the role it was given to, and with a move to a stricter tier', async () => {
  const { db } = scene.intake.database;
  const request = await ask({ recordIds: [basic.id], fields: ['download'] });
  for (const name of ['one', 'two']) await sign(name, request.id);
  const view = () => get<{ may?: string[] }>('auditor', `/records/${basic.id}`);
  expect((await view()).body.may).toContain('download');
  await sql`update call set tier = 'core' where id = ${basic.id}`.execute(db);
  expect((await view()).body.may).not.toContain('download');
  await sql`update call set tier = 'basic' where id = ${basic.id}`.execute(db);
});

it('break-glass takes two signatures, tells every approver, and blocks the next until reviewed', async () => {
  await enrolled('auditor');
  const { recordIds: _, ...rest } = asked();
  const emergency = { ...rest, recordId: core.id };
  const made = await post<AccessRequestView>('auditor', '/access/break-glass', emergency);
  expect(made.body).toMatchObject({ kind: 'break_glass', may: ['sign', 'withdraw'] });
  expect((await sign('auditor', made.body.id, 'sign')).body.state).toBe('pending');
  expect((await sign('one', made.body.id)).body.state).toBe('live');
  expect(await plays('auditor')).toBe(200);
  for (const name of ['one', 'two', 'three', 'twin', 'leaver']) {
    const { body } = await get<{ notices: { kind: string }[] }>(name, '/notices');
    const kinds = body.notices.map((one) => one.kind);
    expect([name, kinds.includes('break_glass.used')]).toEqual([name, true]);
    // Whoever signed it is not asked to review it.
    expect([name, kinds.includes('break_glass.to_review')]).toEqual([name, name !== 'one']);
  }
  const next = await post('auditor', '/access/break-glass', emergency);
  expect(next.body.code).toBe('BREAK_GLASS_TO_REVIEW');
  const path = `/access/requests/${made.body.id}`;
  const review = async (name: string) => {
    const challenge = `${path}/challenge?review=justified`;
    const { body } = await get<{ canonical: string }>(name, challenge);
    const assertion = devices.get(name)?.sign(body.canonical);
    return post<AccessRequestView>(name, `${path}/review`, { assertion, finding: 'justified' });
  };
  expect((await review('one')).body.code).toBe('SAME_PERSON');
  expect((await review('three')).body.awaitsReview).toBe(false);
  expect((await post('auditor', '/access/break-glass', emergency)).status).toBe(201);
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

it('a second approver does not use up a break-glass that its requester has not signed', async () => {
  const { recordIds: _, ...rest } = asked();
  const emergency = { ...rest, recordId: core.id };
  const made = await post<AccessRequestView>('auditor', '/access/break-glass', emergency);
  expect((await sign('one', made.body.id)).body.state).toBe('pending');
  expect((await sign('two', made.body.id)).body.code).toBe('SIGNERS_WRONG');
  const { body } = await get<AccessRequestView>('two', `/access/requests/${made.body.id}`);
  expect(body).toMatchObject({ state: 'pending' });
  expect(body.may).toEqual(['reject']);
  await post('auditor', `/access/requests/${made.body.id}/withdraw`);
});

it('who asks learns of a record by asking only what they may see of it', async () => {
  const other = await ask({ recordIds: [core.id], fields: ['media'] }, 'agent');
  expect(other.records).toMatchObject([{ id: core.id, issueType: '', agentId: '' }]);
  const overseen = await get<AccessRequestView>('one', `/access/requests/${other.id}`);
  expect(overseen.body.records[0]?.issueType).not.toBe('');
  for (const name of ['one', 'two']) await sign(name, other.id);
  const live = await get<AccessRequestView>('agent', `/access/requests/${other.id}`);
  expect(live.body.records[0]?.issueType).not.toBe('');
});

it('a mandate opens its scope to its regulator, found, viewed, read, within its validity', async () => {
  const { body: me } = await get<{ actor: { id: string } }>('regulator', '/session');
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  const at = (minutes: number) => new Date(clock.now().getTime() + minutes * 60_000).toISOString();
  const mandate = {
    ...{
      holderId: me.actor.id,
      scope: { from: today, to: today },
      reference: '监管函〔2026〕8 号',
    },
    ...{ validFrom: at(0), validTo: at(60), purpose: { category: 'regulator', text: '例行检查' } },
  };
  expect((await get('regulator', '/records')).body.code).toBe('FORBIDDEN');
  const made = await post<AccessRequestView>('compliance', '/access/mandates', mandate);
  expect(made.body).toMatchObject({ kind: 'mandate', reference: '监管函〔2026〕8 号' });
  for (const name of ['one', 'two']) await sign(name, made.body.id);
  const { body: found } = await get<{ hits: { id: string }[] }>('regulator', '/records');
  expect(found.hits.map((hit) => hit.id).sort()).toEqual([core.id, handled.id, basic.id].sort());
  expect(await plays('regulator')).toBe(200);
  expect((await get('regulator', `/records/${core.id}/trail`)).status).toBe(403);
  minutesOn(60);
  expect(await plays('regulator')).toBe(403);
  const bad = { ...mandate, scope: { from: today, to: '2020-01-01' } };
  const refused = await post<{ field?: string }>('compliance', '/access/mandates', bad);
  expect(refused.body).toMatchObject({ code: 'MANDATE_SCOPE_INVALID' });
});

it.each([
  ['auditor', { recordIds: [] }, 'REQUEST_INVALID', 'body/recordIds'],
  [
    'auditor',
    { recordIds: ['0198a1b2-0000-7000-8000-0000000000ff'] },
    'RECORD_UNKNOWN',
    'body/recordIds/0',
  ],
  ['auditor', { recordIds: undefined }, 'REQUEST_EMPTY', 'body'],
  ['auditor', { fields: ['everything'] }, 'REQUEST_INVALID', 'body/fields/0'],
  ['auditor', { minutes: 241 }, 'REQUEST_INVALID', 'body/minutes'],
  [
    'auditor',
    { purpose: { category: 'dispute', text: ' ' } },
    'REQUEST_INVALID',
    'body/purpose/text',
  ],
  ['qa', { fields: ['original', 'download'] }, 'FIELD_NOT_GRANTABLE', 'body/fields/1'],
  ['agent', { fields: ['original'] }, 'FIELD_NOT_GRANTABLE', 'body/fields/0'],
])('refuses to %s a request that is %j with %s', async (name, more, code, field) => {
  const answer = await post<{ field?: string }>(name, '/access/requests', asked(more));
  expect([answer.body.code, answer.body.field]).toEqual([code, field]);
});

it('freezes what a search finds at that moment', async () => {
  const made = await ask({ recordIds: undefined, search: { tier: ['core'] } });
  expect(made.records.map((one) => one.id).sort()).toEqual([core.id, handled.id].sort());
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

it('tells the holder once before a grant ends and once when it has ended', async () => {
  const request = await ask();
  for (const name of ['one', 'two']) await sign(name, request.id);
  const deps = { db: scene.intake.database.db, clock, notices: createNotices({ clock }) };
  const kinds = async () => {
    const { body } = await get<{ notices: { kind: string; resource?: string }[] }>(
      ...(['auditor', '/notices'] as const),
    );
    return body.notices.filter((one) => one.resource === request.id).map((one) => one.kind);
  };
  await tellMoments(deps);
  expect(await kinds()).toEqual(['request.approved']);
  for (const _ of [1, 2]) {
    minutesOn(10.5);
    await tellMoments(deps);
    await tellMoments(deps);
  }
  expect(await kinds()).toEqual(['grant.ending', 'request.approved']);
  minutesOn(10);
  await Promise.all([tellMoments(deps), tellMoments(deps)]);
  expect(await kinds()).toEqual(['grant.ended', 'grant.ending', 'request.approved']);
});

it('goes on waiting when the first approver’s passkey was revoked before the second signed', async () => {
  const request = await ask();
  const id = await enrolled('leaver');
  expect((await sign('leaver', request.id)).body.state).toBe('pending');
  expect((await post('compliance', `/access/passkeys/${id}/revoke`)).status).toBe(200);
  const after = await sign('one', request.id);
  expect([after.status, after.body.state]).toEqual([200, 'pending']);
  expect(after.body.decisions.map((one) => one.decision)).toEqual(['approved']);
  expect((await sign('two', request.id)).body.state).toBe('live');
});

it('an administrator who sets a password finds none of what the account was granted', async () => {
  headers.set('reset', await scene.person('auditor', { name: 'reset' }));
  const { body: session } = await get<{ actor: { id: string } }>('reset', '/session');
  const request = await ask({}, 'reset');
  for (const name of ['one', 'two']) await sign(name, request.id);
  expect(await plays('reset')).toBe(200);
  const password = 'correct horse battery';
  const path = `/accounts/${session.actor.id}/password`;
  const type = { ...who('admin'), ...JSON_TYPE };
  const body = JSON.stringify({ password });
  expect((await scene.send('POST', `/api/v1${path}`, type, body)).status).toBe(204);
  headers.set('reset', await scene.person('auditor', { name: 'reset' }));
  expect(await plays('reset')).toBe(403);
});

it('shows a request to who asked and who oversees, and to nobody else', async () => {
  const { id } = await ask();
  for (const name of ['auditor', 'one', 'compliance']) {
    expect((await get(name, `/access/requests/${id}`)).status).toBe(200);
  }
  for (const name of ['qa', 'agent', 'admin', 'operator', 'regulator']) {
    expect((await get(name, `/access/requests/${id}`)).body.code).toBe('REQUEST_UNKNOWN');
  }
  expect(problemIn(await scene.send('GET', `/api/v1/access/requests/${id}`)).status).toBe(401);
});
