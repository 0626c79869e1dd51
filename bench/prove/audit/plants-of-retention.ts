import { readFileSync } from 'node:fs';
import { change, file, of, overwrite, type Plant, remove, sql } from './plant.ts';

/** Of terms, holds, restrictions and what waits. */
export const RETENTION_PLANTS: readonly Plant[] = [
  sql('a record is marked as disposed of', async (scene) => {
    const { record } = await scene.object('basic', 'redacted');
    const undo = await change(scene, 'record', `id = '${record}'`, { state: "'disposed'" });
    const found = ['DISPOSED_UNLOGGED', 'TOMBSTONE_MISSING'];
    return { undo, expected: found.map((code) => of('retention.minimum', code, record)) };
  }),
  sql('a term is shortened', async (scene) => {
    const { record } = await scene.object('basic', 'redacted');
    const undo = await change(scene, 'record_term', `record_id = '${record}'`, {
      keep_until: "'2020-01-01'",
    });
    return { undo, expected: [of('retention.minimum', 'TERM_TOO_SHORT', record)] };
  }),
  sql('a term is removed', async (scene) => {
    const { record } = await scene.object('basic', 'redacted');
    const undo = await remove(scene, 'record_term', `record_id = '${record}'`);
    return { undo, expected: [of('retention.minimum', 'TERM_MISSING', record)] };
  }),
  sql('a record is far past its maximum', async (scene) => {
    const record = await scene.withMaximum();
    const undo = await change(scene, 'record', `id = '${record}'`, {
      started_at: "started_at - interval '120 years'",
    });
    return { undo, expected: [of('retention.maximum', 'KEPT_TOO_LONG', record)] };
  }),
  sql('a disposal was due long ago', async (scene) => {
    const { record } = await scene.object('basic', 'redacted');
    const undo = await change(scene, 'record_term', `record_id = '${record}'`, {
      due_on: "'2026-01-01'",
    });
    return { undo, expected: [of('retention.overdue', 'DISPOSAL_OVERDUE', record)] };
  }),
  file('the envelope of what was destroyed is put back', async (scene) => {
    const gone = await scene.destroyed();
    const { envelope } = await scene.object('core', 'redacted');
    const undo = overwrite(scene.at('hq', gone.envelope), readFileSync(scene.at('hq', envelope)));
    return { undo, expected: [of('retention.pending', 'ENVELOPE_REMAINS', gone.id, 'hq')] };
  }),
  sql('a rule’s day of review has passed', async (scene) => {
    const yaml = scene.rules.replace(
      '  - id: tier-basic\n',
      '  - id: tier-basic\n    reviewBy: 2026-01-01\n',
    );
    await scene.run(`insert into retention_rules
      (number, rules, digest, actor_id, in_force_at, ended_at)
      values (999, '${yaml.replaceAll("'", "''")}', repeat('a', 64), 'nobody', now(), now())`);
    const undo = 'delete from retention_rules where number = 999';
    return { undo, expected: [of('retention.rules', 'REVIEW_PASSED', 'tier-basic')] };
  }),
  sql('a record is held by no hold', async (scene) => {
    const { record } = await scene.object('basic', 'redacted');
    await scene.run(`insert into held_record values ('${record}', gen_random_uuid(), now())`);
    const undo = `delete from held_record where record_id = '${record}'`;
    return { undo, expected: [of('holds.intact', 'HELD_WITHOUT_HOLD', record)] };
  }),
  sql('a held record is marked as disposed of', async (scene) => {
    const { record } = await scene.object('basic', 'redacted');
    await scene.run(`insert into legal_hold (id, sealed, placed_by, placed_at)
      values ('${scene.uuid}', '\\x00', 'nobody', now())`);
    await scene.run(`insert into held_record values ('${record}', '${scene.uuid}', now())`);
    const state = await change(scene, 'record', `id = '${record}'`, { state: "'disposed'" });
    const holds = ['held_record where hold_id', 'legal_hold where id'];
    const undo = [state, ...holds.map((one) => `delete from ${one} = '${scene.uuid}'`)];
    const found = ['DISPOSED_UNLOGGED', 'TOMBSTONE_MISSING'];
    return {
      undo,
      expected: [
        of('holds.intact', 'HELD_DISPOSED', record),
        ...found.map((code) => of('retention.minimum', code, record)),
      ],
    };
  }),
  sql('a restricted record was read', async (scene) => {
    const record = scene.read;
    await scene.run(`insert into record_restriction values
      ('${record}', gen_random_uuid(), 'closure', now() - interval '3 hours')`);
    const undo = `delete from record_restriction where record_id = '${record}'`;
    const found = ['RESTRICTED_SERVED', 'NOT_RESTRICTED', 'STILL_SEARCHABLE'];
    return { undo, expected: found.map((code) => of('restriction.kept', code, record)) };
  }),
  sql('a record has waited in quarantine for months', async (scene) => {
    const { record } = await scene.object('basic', 'redacted');
    const undo = await change(scene, 'record', `id = '${record}'`, {
      ...{ state: "'quarantined'", received_at: "now() - interval '90 days'" },
    });
    return { undo, expected: [of('quarantine.waiting', 'QUARANTINED_LONG', record)] };
  }),
  sql('a sensitive original is long past its time', async (scene) => {
    const { id, record } = await scene.original();
    const undo = await change(scene, 'record', `id = '${record}'`, {
      archived_at: "archived_at - interval '30 days'",
    });
    return { undo, expected: [of('quarantine.originals', 'ORIGINAL_OVERDUE', id)] };
  }),
  sql('somebody prolongs a wait alone', async (scene) => {
    const { record } = await scene.original();
    await scene.run(`insert into original_wait (id, record_id, until, state, asked_by, person,
      asked_at, sealed_reason) values ('${scene.uuid}', '${record}', '2099-01-01', 'granted', 'x',
      'p', now(), '\\x00')`);
    const undo = `delete from original_wait where id = '${scene.uuid}'`;
    return { undo, expected: [of('quarantine.originals', 'WAIT_NOT_APPROVED', record)] };
  }),
  {
    name: 'personal data stands in a transcript',
    async plant(scene) {
      const { id, record, undo } = await scene.leak('我的身份证号是110101199003074477。');
      // The row says what the bytes are now: only the manifest tells that they were changed.
      const differs = of('objects.evidence', 'OBJECT_DIFFERS', id);
      return { undo, expected: [differs, of('redaction.residue', 'PERSONAL_DATA_LEFT', record)] };
    },
  },
];
