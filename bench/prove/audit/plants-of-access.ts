import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { change, file, of, type Plant, remove, sql } from './plant.ts';

/** Of accounts, grants and who decides. */
export const ACCESS_PLANTS: readonly Plant[] = [
  sql('an administrator is planted', async (scene) => {
    await scene.run(`insert into staff select (json_populate_record(s, json_build_object(
      'actor_id', '${scene.uuid}', 'username', 'intruder', 'person_ref', null))).* from staff s
      where username = 'admin'`);
    // Whoever has the role is told what administrators are told.
    const tables = ['notice', 'staff'];
    const undo = tables.map((table) => `delete from ${table} where actor_id = '${scene.uuid}'`);
    return { undo, expected: [of('access.accounts', 'ACCOUNT_FORGED', scene.uuid)] };
  }),
  sql('a session is planted', async (scene) => {
    await scene.run(`insert into staff_session select (json_populate_record(s, json_build_object(
      'id', '${scene.uuid}', 'token_digest', '\\x01'))).* from staff_session s limit 1`);
    const undo = `delete from staff_session where id = '${scene.uuid}'`;
    return { undo, expected: [of('access.sessions', 'SESSION_FORGED', scene.uuid)] };
  }),
  sql('an account is locked behind the archive’s back', async (scene) => {
    const [row] = await scene.ask<{ actor: string; session: string }>(
      `select s.actor_id as actor, t.id as session from staff s join staff_session t
        on t.actor_id = s.actor_id where s.username = 'qa'`,
    );
    const { actor = '', session = '' } = row ?? {};
    const undo = await change(scene, 'staff', `actor_id = '${actor}'`, { locked_at: 'now()' });
    const found = of('access.accounts', 'ACCOUNT_FORGED', actor);
    return { undo, expected: [found, of('access.sessions', 'SESSION_OF_LOCKED', session)] };
  }),
  sql('a key of a service is given more', async (scene) => {
    const id = await scene.one('select id from api_key limit 1');
    const undo = await change(scene, 'api_key', `id = '${id}'`, { scopes: "'{intake,ledger}'" });
    return { undo, expected: [of('access.api_keys', 'KEY_FORGED', id)] };
  }),
  sql('a key of a service is past its end', async (scene) => {
    const id = await scene.one('select id from api_key limit 1');
    const undo = await change(scene, 'api_key', `id = '${id}'`, {
      expires_at: "now() - interval '1 day'",
    });
    const found = ['KEY_FORGED', 'KEY_EXPIRED'];
    return { undo, expected: found.map((code) => of('access.api_keys', code, id)) };
  }),
  sql('a grant is written without signatures', async (scene) => {
    await scene.run(scene.request('records', "now(), now() + interval '3 hours'", 'approved'));
    const undo = `delete from access_request where id = '${scene.uuid}'`;
    const found = ['GRANT_UNSIGNED', 'GRANT_NOT_ADMITTED'];
    return { undo, expected: found.map((code) => of('access.grants', code, scene.uuid)) };
  }),
  sql('somebody approved their own request', async (scene) => {
    await scene.run(scene.request('records', 'null, null', 'rejected'));
    await scene.run(`insert into access_decision (id, request_id, actor_id, actor_role, person,
      decision, at) values (gen_random_uuid(), '${scene.uuid}', 'x', 'approver', 'p', 'approved', now())`);
    const tables = ['access_decision where request_id', 'access_request where id'];
    const undo = tables.map((one) => `delete from ${one} = '${scene.uuid}'`);
    return { undo, expected: [of('access.separation', 'APPROVED_OWN', scene.uuid)] };
  }),
  {
    name: 'one person has two accounts',
    async plant(scene) {
      const { first, second, undo } = await scene.twin();
      const found = [first, second].map((id) => of('access.separation', 'PERSON_TWICE', id));
      return { undo, expected: found };
    },
  },
  sql('a break-glass was never reviewed', async (scene) => {
    const past = "now() - interval '51 days', now() - interval '50 days'";
    await scene.run(scene.request('break_glass', past, 'approved'));
    const undo = `delete from access_request where id = '${scene.uuid}'`;
    return { undo, expected: [of('access.break_glass', 'BREAK_GLASS_UNREVIEWED', scene.uuid)] };
  }),
];

/** Of keys, drills and registers. */
export const HOUSE_PLANTS: readonly Plant[] = [
  file('a key of an old epoch is kept', async (scene) => {
    const old = join(scene.keys, 'kek-basic-2020.wrapped');
    const year = new Date().getUTCFullYear();
    copyFileSync(join(scene.keys, `kek-basic-${year}.wrapped`), old);
    return { undo: () => rmSync(old), expected: [of('keys.age', 'EPOCH_OLD', 'basic-2020')] };
  }),
  file('a day’s key of the quarantine is kept', async (scene) => {
    const old = join(scene.keys, 'kek-quarantine-2026-01-01.wrapped');
    const day = new Date().toISOString().slice(0, 10);
    copyFileSync(join(scene.keys, `kek-quarantine-${day}.wrapped`), old);
    const expected = [of('keys.age', 'QUARANTINE_KEY_OLD', 'quarantine-2026-01-01')];
    return { undo: () => rmSync(old), expected };
  }),
  file('others may read a key', async (scene) => {
    const path = join(scene.keys, 'master.key');
    chmodSync(path, 0o644);
    return {
      undo: () => chmodSync(path, 0o600),
      expected: [of('keys.apart', 'KEYS_READABLE', 'folder')],
    };
  }),
  sql('the last good drill was long ago', async (scene) => {
    const where = "action = 'archive.drill'";
    await scene.run(`update ledger_entry set at = at - interval '90 days' where ${where}`);
    const undo = `update ledger_entry set at = at + interval '90 days' where ${where}`;
    return { undo, expected: [of('recovery.drill', 'DRILL_MISSING', 'drill')] };
  }),
  sql('a part of the journal is damaged at a site', async (scene) => {
    await scene.run(`insert into journal_fault (site, key, fault, found_at)
      values ('cloud', 't1/segments/none', 'OBJECT_DAMAGED', now())`);
    const undo = "delete from journal_fault where key = 't1/segments/none'";
    return {
      undo,
      expected: [of('recovery.journal', 'JOURNAL_FAULT', 't1/segments/none', 'cloud')],
    };
  }),
  ...(
    [
      ['registers.impact', 'impact_assessment'],
      ['registers.consent', 'consent_basis'],
    ] as const
  ).map(([check, kind]) =>
    sql(`the register of ${kind} is empty`, async (scene) => ({
      undo: await remove(scene, 'register_entry', `kind = '${kind}'`),
      expected: [of(check, 'REGISTER_EMPTY', kind)],
    })),
  ),
  sql('an assessment is past its review', async (scene) => {
    const id = await scene.one("select id from register_entry where kind = 'impact_assessment'");
    const undo = await change(scene, 'register_entry', `id = '${id}'`, {
      review_by: "'2026-01-01'",
    });
    return { undo, expected: [of('registers.impact', 'REGISTER_OUT_OF_DATE', id)] };
  }),
  sql('the country of a site is not on file', async (scene) => ({
    undo: await remove(scene, 'register_entry', "kind = 'site_country' and subject = 'hq'"),
    expected: [of('registers.site_country', 'COUNTRY_MISSING', 'hq')],
  })),
  sql('a site is abroad', async (scene) => ({
    undo: await change(scene, 'register_entry', "kind = 'site_country' and subject = 'cloud'", {
      country: "'US'",
    }),
    expected: [of('registers.site_country', 'COUNTRY_ABROAD', 'cloud')],
  })),
  sql('no contract is on file', async (scene) => ({
    undo: await remove(scene, 'register_entry', "kind = 'processor_contract'"),
    expected: [of('registers.processors', 'CONTRACT_MISSING', 'cloud')],
  })),
];
