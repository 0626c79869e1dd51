import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  createAccount,
  issueSetupToken,
  listAccounts,
  listApiKeys,
  redeemSetupToken,
  revokeApiKey,
  sealOldRows,
  setLocked,
  setRole,
  signIn,
} from './index.ts';
import {
  actors,
  clock,
  database,
  deps,
  forged,
  HOUR_MS,
  held,
  openPlantedScene,
  PASSWORD,
  settleActors,
} from './planted-scene.testing.ts';
import { changing } from './seals.testing.ts';

beforeAll(openPlantedScene);
afterAll(() => database.close());
beforeEach(settleActors);

it('an older row of an account or a key, put back, counts for nothing', async () => {
  const rowOf = (id: string) =>
    deps.db.selectFrom('staff').selectAll().where('actor_id', '=', id).executeTakeFirstOrThrow();
  await changing(deps, (tx) => setRole(tx, actors.lowly, { role: 'admin' }));
  const asAdmin = await rowOf(actors.lowly);
  expect((await held()).password).toMatchObject({ role: 'admin' });
  await changing(deps, (tx) => setRole(tx, actors.lowly, { role: 'agent' }));
  await deps.db.updateTable('staff').set(asAdmin).where('actor_id', '=', actors.lowly).execute();
  expect((await held()).password).toBeUndefined();
  expect(forged).toEqual([`staff ${actors.lowly}`]);

  const [key] = await listApiKeys(deps);
  const row = await deps.db.selectFrom('api_key').selectAll().where('name', '=', 'k').execute();
  await changing(deps, (tx) => revokeApiKey(tx, key?.id ?? ''));
  await deps.db
    .updateTable('api_key')
    .set(row[0] ?? {})
    .where('name', '=', 'k')
    .execute();
  expect((await held()).key).toBeUndefined();
});

it('a session that was kept and put back ends with the account it was of', async () => {
  const kept = await deps.db.selectFrom('staff_session').selectAll().execute();
  await changing(deps, (tx) => setLocked(tx, actors.lowly, true));
  await changing(deps, (tx) => setLocked(tx, actors.lowly, false));
  const mine = kept.filter(({ actor_id }) => actor_id === actors.lowly);
  await deps.db.insertInto('staff_session').values(mine).execute();
  expect((await held()).session).toBeUndefined();
});

it('an idle session is not kept alive by the database', async () => {
  clock.set(new Date(clock.now().getTime() + HOUR_MS));
  await deps.db.updateTable('staff_session').set({ seen_at: clock.now() }).execute();
  expect((await held()).session).toBeUndefined();
});

it('a planted token makes no administrator', async () => {
  await deps.db.deleteFrom('staff_session').execute();
  await deps.db.deleteFrom('staff').execute();
  const token = 'planted'.padEnd(32, 'x');
  const digest = createHash('sha256').update(token).digest();
  const row = { created_at: clock.now(), used_at: null, seal: null };
  await deps.db
    .insertInto('setup_token')
    .values({ ...row, token_digest: digest })
    .execute();
  const person = { username: 'evil', displayName: 'E', password: PASSWORD, personId: '3' };
  await expect(redeemSetupToken(deps, token, person)).rejects.toMatchObject({
    code: 'SETUP_TOKEN_INVALID',
  });
  const real = (await issueSetupToken(deps)) ?? '';
  clock.set(new Date(clock.now().getTime() + 25 * HOUR_MS));
  await deps.db.updateTable('setup_token').set({ created_at: clock.now() }).execute();
  await expect(redeemSetupToken(deps, real, person)).rejects.toMatchObject({
    code: 'SETUP_TOKEN_INVALID',
  });
});

it('a planted row is in no list, and is reported once, however often it is met', async () => {
  await deps.db.updateTable('staff').set({ role: 'qa' }).where('username', '=', 'lowly').execute();
  for (let time = 0; time < 3; time += 1) {
    expect((await listAccounts(deps)).map(({ username }) => username)).toEqual(['boss']);
    await held();
  }
  expect(forged).toEqual([`staff ${actors.lowly}`]);
});

it('rows of before are sealed once, and open what they opened', async () => {
  const digest = createHash('sha256').update(actors.key).digest();
  await deps.db.updateTable('staff').set({ seal: null }).execute();
  await deps.db
    .updateTable('api_key')
    .set({ seal: null, key_digest: digest })
    .where('name', '=', 'k')
    .execute();
  expect(await held()).toMatchObject({ key: undefined, password: undefined });
  expect(await sealOldRows(deps)).toBe(3);
  expect(await held()).toMatchObject({
    key: { role: 'service' },
    password: { actorId: actors.lowly },
  });
  // What has no seal afterwards stays without one: nobody calls this again.
  expect(await sealOldRows(deps)).toBe(0);
});

it('knows all accounts of one person, however the number was typed, and keeps no number', async () => {
  const other = await createAccount(deps, {
    ...{ username: 'second', displayName: 'S', role: 'approver', password: PASSWORD },
    personId: ' ｇ007 ',
  });
  const first = await createAccount(deps, {
    ...{ username: 'first', displayName: 'F', role: 'qa', password: PASSWORD, personId: 'G007' },
  });
  expect(first.personRef).toMatch(/^[0-9a-f]{32}$/);
  expect(other.personRef).toBe(first.personRef);
  const { viewer } = await signIn(deps, { username: 'second', password: PASSWORD });
  expect(viewer.personRef).toBe(first.personRef);
  const rows = await deps.db.selectFrom('staff').selectAll().execute();
  expect(JSON.stringify(rows)).not.toMatch(/g007|ｇ007/i);
});
