import { readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordId } from '../../core/ids.ts';
import { systemRandom } from '../../core/random.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import { writeSegment } from '../../journal/write-segment.ts';
import type { StoredObject } from '../../record/vault.ts';
import { advanceRecord } from '../advance-record.ts';
import { copyPending } from '../copy-pending.ts';
import type { PipelineDeps } from '../deps.ts';
import { destroyObject } from '../destroy-object.ts';
import { destroyQuarantine } from '../destroy-quarantine.ts';
import {
  FIRST,
  journalOf,
  noFaults,
  pipelineOver,
  receive,
  sampleScene,
} from '../pipeline-scene.testing.ts';
import { scrubSite } from './scrub-site.ts';

let scene: IntakeScene;
let pipeline: PipelineDeps;
let id: RecordId;

beforeEach(async () => {
  scene = await sampleScene();
  pipeline = await pipelineOver(scene, noFaults());
  id = await receive(scene, '06-dispute');
  await advanceRecord(pipeline, id, FIRST);
  await destroyQuarantine(pipeline, id);
  await copyPending(pipeline);
});
afterEach(() => scene.close());

const scrub = (site: string, kind: 'light' | 'deep', signal?: AbortSignal) =>
  scrubSite(pipeline, { site, kind, ...(signal === undefined ? {} : { signal }) });
const objectOf = async (purpose: string): Promise<StoredObject> =>
  (await scene.objects(id)).find((one) => one.purpose === purpose) as StoredObject;
/** The file of an object, or of its envelope, at a site. */
const fileOf = async (site: string, name: string) => {
  const folder = join(scene.folder, 'sites', site);
  const all = await readdir(folder, { recursive: true });
  return join(folder, all.find((one) => one.endsWith(name)) as string);
};
const bend = async (file: string) => {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(file, bytes);
};
const faults = () => scene.database.db.selectFrom('copy_fault').selectAll().execute();

test.each(['hq', 'branch', 'cloud'])('finds nothing at %s when nothing is wrong', async (site) => {
  const objects = (await scene.objects(id)).length;
  for (const kind of ['light', 'deep'] as const) {
    expect(await scrub(site, kind)).toMatchObject({ checked: objects, faults: 0, done: true });
  }
  expect(scene.entries.filter(({ action }) => action === 'site.scrub')).toHaveLength(2);
});

test('light finds what is gone or of another size; deep finds every bent bit; both mend it', async () => {
  const [redacted, peaks, manifest, key] = await Promise.all(
    ['redacted', 'peaks', 'manifest', 'record-key'].map(objectOf),
  );
  await rm(await fileOf('cloud', `${redacted?.id}.vko`));
  await truncate(await fileOf('cloud', `${peaks?.id}.vko`), 40);
  await rm(await fileOf('cloud', `${key?.id}.vke`));
  expect(await scrub('cloud', 'light')).toMatchObject({ faults: 3, repaired: 3 });
  await bend(await fileOf('cloud', `${manifest?.id}.vko`));
  await bend(await fileOf('cloud', `${redacted?.id}.vke`));
  expect(await scrub('cloud', 'light')).toMatchObject({ faults: 0 });
  expect(await scrub('cloud', 'deep')).toMatchObject({ faults: 2, repaired: 2 });
  expect(await scrub('cloud', 'deep')).toMatchObject({ faults: 0 });
  expect(await faults()).toEqual([]);
  const repairs = scene.entries.filter(({ action }) => action === 'object.repair');
  expect(repairs.map(({ resource, detail }) => [resource, detail?.['site']])).toEqual(
    Array.from({ length: 5 }, () => [id, 'cloud']),
  );
});

test('the journal of a site is walked over too, and its counts are among the others', async () => {
  const { db } = scene.database;
  const writer = { db, clock: scene.clock, random: systemRandom, schema: 1, ...journalOf(scene) };
  await writeSegment(writer);
  const { key } = await db.selectFrom('journal_segment').select('key').executeTakeFirstOrThrow();
  const objects = (await scene.objects(id)).length;
  await bend(await fileOf('cloud', key));
  const counts = { checked: objects + 1, faults: 1, repaired: 1 };
  expect(await scrub('cloud', 'light')).toMatchObject({ checked: objects + 1, faults: 0 });
  expect(await scrub('cloud', 'deep')).toMatchObject(counts);
  expect(await scrub('cloud', 'deep')).toMatchObject({ faults: 0 });
  const [, deep] = scene.entries.filter(({ action }) => action === 'site.scrub');
  expect(deep?.detail).toMatchObject({ ...counts, journal: 1 });
  expect(scene.entries.filter(({ action }) => action === 'journal.repair')).toMatchObject([
    { resource: 'cloud', detail: { object: key, fault: 'OBJECT_DAMAGED', from: 'hq' } },
  ]);
  const run = await db.selectFrom('scrub_run').selectAll().where('kind', '=', 'deep').execute();
  expect(run[0]).toMatchObject(counts);
});

test('believes the ledger, not the majority: two equal wrong copies are mended from the one right', async () => {
  const redacted = await objectOf('redacted');
  const other = await objectOf('peaks');
  const wrong = await readFile(await fileOf('hq', `${other.id}.vko`));
  for (const site of ['hq', 'branch']) {
    await writeFile(await fileOf(site, `${redacted.id}.vko`), wrong);
  }
  // The catalog was made to agree with them.
  const { createHash } = await import('node:crypto');
  const sealed_sha256 = createHash('sha256').update(wrong).digest();
  await scene.database.db
    .updateTable('sealed_object')
    .set({ sealed_sha256, sealed_bytes: wrong.length })
    .where('id', '=', redacted.id)
    .execute();
  // Seen from the catalog the right copy is the bad one.
  expect(await scrub('cloud', 'deep')).toMatchObject({ faults: 1, repaired: 1 });
  for (const site of ['hq', 'branch']) {
    expect(await scrub(site, 'deep')).toMatchObject({ faults: 1, repaired: 1 });
    expect(await readFile(await fileOf(site, `${redacted.id}.vko`))).not.toEqual(wrong);
  }
  const right = createHash('sha256').update(
    await readFile(await fileOf('cloud', `${redacted.id}.vko`)),
  );
  expect(right.digest().equals(redacted.sealedSha256)).toBe(true);
});

test('what no site has whole stays a fault that names why, and is mended when one comes back', async () => {
  const redacted = await objectOf('redacted');
  const files = await Promise.all(
    ['hq', 'branch', 'cloud'].map((site) => fileOf(site, `${redacted.id}.vko`)),
  );
  for (const file of files) await rename(file, `${file}.away`);
  expect(await scrub('hq', 'light')).toMatchObject({ faults: 1, repaired: 0, done: true });
  expect(await faults()).toMatchObject([
    { site: 'hq', fault: 'OBJECT_MISSING', attempts: 1, last_error: 'OBJECT_MISSING' },
  ]);
  await rename(`${files[2]}.away`, files[2] as string);
  expect(await scrub('hq', 'light')).toMatchObject({ faults: 1, repaired: 1 });
  expect(await faults()).toEqual([]);
});

test('a fault that only reading finds stays one for a walk that does not read', async () => {
  const redacted = await objectOf('redacted');
  const right = await readFile(await fileOf('cloud', `${redacted.id}.vko`));
  for (const site of ['hq', 'branch', 'cloud'])
    await bend(await fileOf(site, `${redacted.id}.vko`));
  expect(await scrub('hq', 'deep')).toMatchObject({ faults: 1, repaired: 0 });
  expect(await scrub('hq', 'light')).toMatchObject({ faults: 1, repaired: 0 });
  expect(await faults()).toMatchObject([{ site: 'hq', fault: 'OBJECT_DAMAGED', attempts: 2 }]);
  await writeFile(await fileOf('cloud', `${redacted.id}.vko`), right);
  expect(await scrub('hq', 'light')).toMatchObject({ faults: 1, repaired: 1 });
  expect(await faults()).toEqual([]);
});

test('a copy holds its object: what is destroyed meanwhile is destroyed after it, and stays so', async () => {
  const redacted = await objectOf('redacted');
  await rm(await fileOf('cloud', `${redacted.id}.vke`));
  const { copy } = pipeline.vault;
  let isDestroyed = false;
  let destroying: Promise<void> | undefined;
  const mending: PipelineDeps = {
    ...pipeline,
    vault: {
      ...pipeline.vault,
      async copy(...args) {
        destroying = destroyObject(pipeline, redacted).then(() => {
          isDestroyed = true;
        });
        await new Promise((done) => setTimeout(done, 200));
        await copy(...args);
        expect(isDestroyed).toBe(false);
      },
    },
  };
  expect(await scrubSite(mending, { site: 'cloud', kind: 'light' })).toMatchObject({ repaired: 1 });
  await destroying;
  const all = await readdir(join(scene.folder, 'sites'), { recursive: true });
  expect(all.filter((name) => name.includes(redacted.id))).toEqual([]);
  expect(await faults()).toEqual([]);
});

test('is broken off and goes on where it was; a site that is away is no fault of its copies', async () => {
  const stop = new AbortController();
  const { look } = pipeline.vault;
  const count = (await scene.objects(id)).length;
  const stopping: PipelineDeps = {
    ...pipeline,
    vault: {
      ...pipeline.vault,
      async look(...args) {
        stop.abort();
        return look(...args);
      },
    },
  };
  const first = await scrubSite(stopping, { site: 'hq', kind: 'light', signal: stop.signal });
  expect(first).toMatchObject({ checked: 1, done: false });
  expect(await scrub('hq', 'light')).toMatchObject({ id: first.id, checked: count, done: true });
  const folder = join(scene.folder, 'sites/hq');
  await rename(folder, `${folder}.away`);
  await expect(scrub('hq', 'light')).rejects.toMatchObject({ code: 'SITE_UNREACHABLE' });
  await rename(`${folder}.away`, folder);
  expect(await faults()).toEqual([]);
});
