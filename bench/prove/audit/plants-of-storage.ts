import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { change, file, of, overwrite, type Plant, remove, SITES, sql } from './plant.ts';

/** Of the log, and of times. */
export const LEDGER_PLANTS: readonly Plant[] = [
  sql('an entry’s time is put back', async (scene) => ({
    undo: await change(scene, 'ledger_entry', 'index = 5', {
      sequenced_at: "sequenced_at - interval '1 day'",
    }),
    expected: [of('clock.sane', 'ENTRY_BACKWARDS', '5')],
  })),
  sql('a record was received tomorrow', async (scene) => {
    const { record } = await scene.object('basic', 'redacted');
    const undo = await change(scene, 'record', `id = '${record}'`, {
      archived_at: "now() + interval '1 day'",
    });
    return { undo, expected: [of('clock.sane', 'RECORD_AHEAD', record)] };
  }),
  sql('an entry of the catalog is changed', async (scene) => ({
    undo: await change(scene, 'ledger_entry', 'index = 6', { bytes: "bytes || '\\x20'" }),
    expected: [of('ledger.tree', 'ENTRY_CHANGED', '6')],
  })),
  sql('an act is put down to somebody else', async (scene) => ({
    undo: await change(scene, 'ledger_entry', 'index = 7', { actor_id: "'somebody'" }),
    expected: [of('ledger.tree', 'ENTRY_COLUMNS', '7')],
  })),
  sql('an entry of the catalog is removed', async (scene) => {
    const [entry] = await scene.ask<{ index: string }>(
      "select index::text from ledger_entry where action = 'session.sign_in' order by index limit 1",
    );
    const index = entry?.index ?? '';
    const undo = await remove(scene, 'ledger_entry', `index = ${index}`);
    return { undo, expected: [of('ledger.tree', 'ENTRY_MISSING', index)] };
  }),
  file('a bit of the log at a site is flipped', async (scene) => {
    const folder = scene.at('branch', 'ledger/tile/0');
    const [first = ''] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\d{1,3}$/.test(name) && statSync(join(folder, name)).isFile())
      .toSorted();
    const path = join(folder, first);
    const bytes = readFileSync(path);
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    const undo = overwrite(path, bytes);
    return { undo, expected: [of('ledger.sites', 'SITE_LEDGER_WRONG', undefined, 'branch')] };
  }),
];

/** Of what lies at the sites, and of its rows. */
export const OBJECT_PLANTS: readonly Plant[] = [
  file('an object is replaced by plain sound', async (scene) => {
    const { id, key } = await scene.object('core', 'redacted');
    const plain = Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4000)]);
    const undo = overwrite(scene.at('cloud', key), plain);
    const found = [of('objects.sealed', 'NOT_SEALED', id, 'cloud')];
    return { undo, expected: [...found, of('objects.evidence', 'COPY_WRONG', id, 'cloud')] };
  }),
  file('somebody keeps notes in a pool', async (scene) => ({
    undo: overwrite(scene.at('hq', 'core/notes.txt'), Buffer.from('13800000000')),
    expected: [of('objects.sealed', 'FILE_UNKNOWN', 'notes.txt', 'hq')],
  })),
  file('an envelope is cut short', async (scene) => {
    const { id, envelope } = await scene.object('core', 'redacted-transcript');
    const path = scene.at('branch', envelope);
    const undo = overwrite(path, readFileSync(path).subarray(0, 60));
    const found = [of('objects.sealed', 'ENVELOPE_WRONG', id, 'branch')];
    return { undo, expected: [...found, of('objects.evidence', 'COPY_WRONG', id, 'branch')] };
  }),
  file('a copy is lost', async (scene) => {
    const { id, key } = await scene.object('core', 'peaks');
    const undo = overwrite(scene.at('branch', key), undefined);
    const found = [of('objects.sealed', 'COPY_NOT_THERE', id, 'branch')];
    return { undo, expected: [...found, of('objects.evidence', 'COPY_WRONG', id, 'branch')] };
  }),
  sql('the digest of an object is changed', async (scene) => {
    const { id } = await scene.object('core', 'redacted');
    const sites = await scene.sitesOf(id);
    const undo = await change(scene, 'sealed_object', `id = '${id}'`, {
      sealed_sha256: "decode(repeat('ab', 32), 'hex')",
    });
    const copies = sites.map((site) => of('objects.evidence', 'COPY_WRONG', id, site));
    return { undo, expected: [of('objects.evidence', 'OBJECT_DIFFERS', id), ...copies] };
  }),
  sql('a manifest is not the one of the ledger', async (scene) => {
    const { id, record } = await scene.object('core', 'manifest');
    const undo = await change(scene, 'sealed_object', `id = '${id}'`, {
      sealed_sha256: "decode(repeat('cd', 32), 'hex')",
    });
    return { undo, expected: [of('objects.evidence', 'MANIFEST_NOT_LOGGED', record)] };
  }),
  sql('a copy is forgotten', async (scene) => {
    const { id } = await scene.object('core', 'redacted');
    const undo = await remove(scene, 'object_copy', `object_id = '${id}' and site = 'branch'`);
    return { undo, expected: [of('copies.placed', 'COPY_ABSENT', id, 'branch')] };
  }),
  sql('an object is marked as destroyed', async (scene) => {
    const { id, record } = await scene.object('core', 'redacted');
    const undo = await change(scene, 'sealed_object', `id = '${id}'`, { destroyed_at: 'now()' });
    const remains = SITES.map((site) => of('retention.pending', 'ENVELOPE_REMAINS', id, site));
    const missing = of('objects.evidence', 'OBJECT_NOT_IN_MANIFEST', id);
    return {
      undo,
      expected: [of('copies.placed', 'RECORD_INCOMPLETE', record), missing, ...remains],
    };
  }),
  sql('a copy could not be mended', async (scene) => {
    const { id } = await scene.object('core', 'redacted');
    await scene.run(`insert into copy_fault (object_id, site, fault, found_at, last_error)
      values ('${id}', 'cloud', 'OBJECT_DAMAGED', now(), 'OBJECT_MISSING')`);
    const undo = `delete from copy_fault where object_id = '${id}'`;
    return { undo, expected: [of('copies.placed', 'COPY_UNREPAIRED', id, 'cloud')] };
  }),
  sql('a copy was not read back for long', async (scene) => {
    const { id } = await scene.object('core', 'redacted');
    const undo = await change(scene, 'object_copy', `object_id = '${id}' and site = 'cloud'`, {
      ...{ verified_at: "now() - interval '60 days'", written_at: "now() - interval '90 days'" },
    });
    return { undo, expected: [of('copies.verified', 'COPY_UNVERIFIED', id, 'cloud')] };
  }),
];
