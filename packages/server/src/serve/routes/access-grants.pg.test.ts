import type { AccessRequestView, PasskeyView } from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { cookieHeader } from '../../access/index.ts';
import { tellMoments } from '../../access/requests/index.ts';
import { createNotices } from '../../notices/index.ts';
import {
  ask,
  basic,
  clock,
  core,
  get,
  handled,
  headers,
  JSON_TYPE,
  minutesOn,
  openAccessScene,
  plays,
  post,
  scene,
  sign,
  tidyAccessScene,
  who,
} from './access-scene.testing.ts';

beforeAll(openAccessScene);
afterAll(() => scene.close());
afterEach(tidyAccessScene);

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

it('telling of many grants waits for nobody who ends one of them, and tells of it in the next round', async () => {
  const { db } = scene.intake.database;
  const requests = [await ask(), await ask()];
  for (const { id } of requests) for (const name of ['one', 'two']) await sign(name, id);
  const [held = '', free = ''] = requests.map(({ id }) => id);
  minutesOn(25);
  const deps = { db, clock, notices: createNotices({ clock }) };
  const told = async () => {
    const rows = await db
      .selectFrom('access_request')
      .select(['id', 'told_ending_at'])
      .where('id', 'in', [held, free])
      .execute();
    return rows.filter((row) => row.told_ending_at !== null).map((row) => row.id);
  };
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('access_request').select('id').where('id', '=', held).forUpdate().execute();
    await tellMoments(deps);
    expect(await told()).toEqual([free]);
  });
  await tellMoments(deps);
  expect((await told()).toSorted()).toEqual([held, free].toSorted());
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
