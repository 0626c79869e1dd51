import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import type { StoredObject } from '../../record/vault.ts';
import { advanceRecord } from '../advance-record.ts';
import { copyPending } from '../copy-pending.ts';
import type { PipelineDeps } from '../deps.ts';
import { destroyQuarantine } from '../destroy-quarantine.ts';
import { FIRST, noFaults, pipelineOver, receive, sampleScene } from '../pipeline-scene.testing.ts';
import { scrubSite } from '../scrub/scrub-site.ts';
import { evictCold } from './evict-cold.ts';

const RULE = { site: 'hq', olderThanMonths: 3, unusedMonths: 3 };
const DAY_MS = 86_400_000;
/** The scene begins in November; the calls are older than that. */
const COLD = '2027-03-01T00:00:00Z';

let scene: IntakeScene;
let pipeline: PipelineDeps;
let id: RecordId;

beforeEach(async () => {
  scene = await sampleScene();
  pipeline = await pipelineOver(scene, noFaults());
  id = await archived('01-enquiry');
});
afterEach(() => scene.close());

async function archived(name: string): Promise<RecordId> {
  const received = await receive(scene, name);
  expect(await advanceRecord(pipeline, received, FIRST)).toBe('archived');
  await destroyQuarantine(pipeline, received);
  scene.clock.set(new Date(scene.clock.now().getTime() + DAY_MS));
  await copyPending(pipeline);
  return received;
}
const run = (deps: Partial<PipelineDeps> = {}, signal?: AbortSignal) =>
  evictCold({ ...pipeline, ...deps }, { rule: RULE, ...(signal === undefined ? {} : { signal }) });
const objectOf = async (purpose: string, of = id): Promise<StoredObject> =>
  (await scene.objects(of)).find((one) => one.purpose === purpose) as StoredObject;
const filesAt = async (site: string) => {
  const all = await readdir(join(scene.folder, 'sites', site), { recursive: true });
  return all.filter((name) => /\.vk[oe]$/.test(name)).map((name) => name.split('/').at(-1) ?? '');
};
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
const evictions = () => scene.entries.filter(({ action }) => action === 'object.evict');
const expectAllAtHq = async () => {
  expect((await objectOf('redacted')).sites).toContain('hq');
  expect(await filesAt('hq')).toContain(`${(await objectOf('redacted')).id}.vko`);
  expect(evictions()).toEqual([]);
};

test('frees what is heard of an old, unused call at hq, and nothing else; the ledger says so', async () => {
  const before = await filesAt('hq');
  const redacted = await objectOf('redacted');
  const heard = await scene.read(redacted);
  expect(await run()).toMatchObject({ looked: 0, done: true });
  scene.clock.set(COLD);
  expect(await run()).toMatchObject({ looked: 1, evicted: 1, bytes: redacted.sealedBytes });
  const after = await filesAt('hq');
  expect(before.filter((name) => !after.includes(name))).toEqual([`${redacted.id}.vko`]);
  expect(after).toContain(`${redacted.id}.vke`);
  for (const purpose of ['redacted-transcript', 'manifest', 'peaks', 'record-key']) {
    expect((await objectOf(purpose)).sites.toSorted()).toEqual(['branch', 'cloud', 'hq']);
  }
  expect((await objectOf('redacted')).sites.toSorted()).toEqual(['branch', 'cloud']);
  expect(evictions()).toMatchObject([
    { resource: id, outcome: 'ok', detail: { site: 'hq', rule: 'cold', objects: 1 } },
  ]);
  // It is heard from another site.
  expect((await scene.read(redacted)).equals(heard)).toBe(true);
  expect(await run()).toMatchObject({ looked: 0, evicted: 0, done: true });
});

test('no walk over copies misses what gave way, or brings it back; what is destroyed goes whole', async () => {
  scene.clock.set(COLD);
  await run();
  const redacted = await objectOf('redacted');
  for (const kind of ['light', 'deep'] as const) {
    expect(await scrubSite(pipeline, { site: 'hq', kind })).toMatchObject({ faults: 0 });
  }
  expect(await filesAt('hq')).not.toContain(`${redacted.id}.vko`);
  await bend(await fileOf('cloud', `${redacted.id}.vko`));
  const mended = await scrubSite(pipeline, { site: 'cloud', kind: 'deep' });
  expect(mended).toMatchObject({ faults: 1, repaired: 1 });
});

test('who listens while the copy gives way hears on from another site', async () => {
  const redacted = await objectOf('redacted');
  const heard = await scene.read(redacted);
  const open = await scene.vault.open(redacted);
  expect(await open.readRange(0, 1000)).toEqual(heard.subarray(0, 1000));
  scene.clock.set(COLD);
  expect(await run()).toMatchObject({ evicted: 1 });
  expect(await open.readRange(1000, 200_000)).toEqual(heard.subarray(1000, 201_000));
});

test('a copy that gives way while a walk comes by is no fault, and is not brought back', async () => {
  const redacted = await objectOf('redacted');
  scene.clock.set(COLD);
  const { look } = pipeline.vault;
  const vault = {
    ...pipeline.vault,
    async look(...args: Parameters<typeof look>) {
      if (args[0].id === redacted.id) expect(await run()).toMatchObject({ evicted: 1 });
      return look(...args);
    },
  };
  const walk = await scrubSite({ ...pipeline, vault }, { site: 'hq', kind: 'light' });
  expect(walk).toMatchObject({ faults: 0, repaired: 0 });
  expect(await filesAt('hq')).not.toContain(`${redacted.id}.vko`);
});

test('a bent copy that gives way before it is mended is not brought back either', async () => {
  const redacted = await objectOf('redacted');
  await bend(await fileOf('hq', `${redacted.id}.vko`));
  scene.clock.set(COLD);
  const { loggedManifest } = pipeline;
  let runs = 0;
  const mending: PipelineDeps = {
    ...pipeline,
    async loggedManifest(recordId) {
      runs += 1;
      if (runs === 1) expect(await run()).toMatchObject({ evicted: 1 });
      return loggedManifest(recordId);
    },
  };
  await scrubSite(mending, { site: 'hq', kind: 'deep' });
  expect(runs).toBeGreaterThan(0);
  expect(await filesAt('hq')).not.toContain(`${redacted.id}.vko`);
  expect((await objectOf('redacted')).sites.toSorted()).toEqual(['branch', 'cloud']);
  expect(await scene.database.db.selectFrom('copy_fault').selectAll().execute()).toEqual([]);
});

test.each([
  ['last used within the time', '2026-12-20T00:00:00Z', 0],
  ['last used before it', '2026-11-25T00:00:00Z', 1],
])('a call that was %s', async (_, usedAt, evicted) => {
  scene.clock.set(COLD);
  const lastUses = async () => new Map([[id as string, new Date(usedAt)]]);
  expect(await run({ lastUses })).toMatchObject({ looked: 1, evicted });
});

test('months are those of the archive’s zone: a call goes on the day after, not an hour before', async () => {
  // Archived on 20 November in Shanghai; it is unused for three months when 21 February begins there.
  scene.clock.set('2027-02-20T15:59:59Z');
  expect(await run()).toMatchObject({ looked: 0 });
  scene.clock.set('2027-02-20T16:00:00Z');
  expect(await run()).toMatchObject({ evicted: 1 });
});

test('nothing goes while one of the two other copies is bent, missing or has a bent envelope', async () => {
  const redacted = await objectOf('redacted');
  scene.clock.set(COLD);
  const copy = await fileOf('cloud', `${redacted.id}.vko`);
  await bend(copy);
  expect(await run()).toMatchObject({ evicted: 0, unverified: 1 });
  await expectAllAtHq();
  await bend(copy);
  await rename(copy, `${copy}.away`);
  expect(await run()).toMatchObject({ evicted: 0, unverified: 1 });
  await rename(`${copy}.away`, copy);
  const envelope = await fileOf('branch', `${redacted.id}.vke`);
  await bend(envelope);
  expect(await run()).toMatchObject({ evicted: 0, unverified: 1 });
  await expectAllAtHq();
  await bend(envelope);
  expect(await run()).toMatchObject({ evicted: 1, unverified: 0 });
});

test('the copies are held against the ledger: rows that were changed to agree with bent ones free nothing', async () => {
  const redacted = await objectOf('redacted');
  const { createHash } = await import('node:crypto');
  for (const site of ['branch', 'cloud']) await bend(await fileOf(site, `${redacted.id}.vko`));
  const bent = await readFile(await fileOf('cloud', `${redacted.id}.vko`));
  await scene.database.db
    .updateTable('sealed_object')
    .set({ sealed_sha256: createHash('sha256').update(bent).digest() })
    .where('id', '=', redacted.id)
    .execute();
  scene.clock.set(COLD);
  expect(await run()).toMatchObject({ evicted: 0, unverified: 1 });
  await expectAllAtHq();
});

test('a call whose second copy is still to come stays', async () => {
  const redacted = await objectOf('redacted');
  await scene.database.db
    .deleteFrom('object_copy')
    .where('object_id', '=', redacted.id)
    .where('site', '=', 'cloud')
    .execute();
  scene.clock.set(COLD);
  expect(await run()).toMatchObject({ evicted: 0, unverified: 1 });
  await expectAllAtHq();
});

test('a call that is held, or has another tier by the time, stays', async () => {
  scene.clock.set(COLD);
  expect(await run({ mayEvict: async () => false })).toMatchObject({ evicted: 0 });
  await expectAllAtHq();
  const { verify } = pipeline.vault;
  const vault = {
    ...pipeline.vault,
    async verify(...args: Parameters<typeof verify>) {
      const { db } = scene.database;
      await db.updateTable('record').set({ tier: 'core' }).where('id', '=', id).execute();
      return verify(...args);
    },
  };
  expect(await run({ vault })).toMatchObject({ looked: 1, evicted: 0 });
  await expectAllAtHq();
});

test('what its site keeps locked is left and counted, whether the rows or the site say so', async () => {
  const redacted = await objectOf('redacted');
  scene.clock.set(COLD);
  const evict = async () => {
    throw new ArchiveError('OBJECT_LOCKED', 'kept until a day');
  };
  expect(await run({ vault: { ...pipeline.vault, evict } })).toMatchObject({
    evicted: 0,
    locked: 1,
  });
  await expectAllAtHq();
  await scene.database.db
    .updateTable('object_copy')
    .set({ locked_until: new Date('2028-01-01') })
    .where('object_id', '=', redacted.id)
    .where('site', '=', 'hq')
    .execute();
  const verify = async () => {
    throw new Error('nothing is read for a copy that cannot go');
  };
  expect(await run({ vault: { ...pipeline.vault, verify } })).toMatchObject({ locked: 1 });
  await expectAllAtHq();
});

test('a site that is away ends the run, and the next goes on where it was', async () => {
  const second = await archived('09-government-hotline');
  scene.clock.set(COLD);
  const [first] = [id, second].toSorted();
  const { verify } = pipeline.vault;
  const vault = {
    ...pipeline.vault,
    async verify(...args: Parameters<typeof verify>) {
      if (args[0].recordId !== first) throw new ArchiveError('SITE_UNREACHABLE', 'switched off');
      return verify(...args);
    },
  };
  await expect(run({ vault })).rejects.toMatchObject({ code: 'SITE_UNREACHABLE' });
  const [open] = await scene.database.db.selectFrom('eviction_run').selectAll().execute();
  expect(open).toMatchObject({ looked: 1, evicted: 1, ended_at: null });
  const uses: RecordId[][] = [];
  const lastUses = async (ids: readonly RecordId[]) => {
    uses.push([...ids]);
    return new Map<string, Date>();
  };
  const ended = await run({ lastUses });
  expect(ended).toMatchObject({ id: open?.id, looked: 2, evicted: 2, done: true });
  expect(uses.flat()).toHaveLength(1);
});

test('a stop ends it between two records', async () => {
  await archived('09-government-hotline');
  scene.clock.set(COLD);
  const stop = new AbortController();
  const mayEvict = async () => {
    stop.abort();
    return true;
  };
  const broken = await run({ mayEvict }, stop.signal);
  expect(broken).toMatchObject({ looked: 1, evicted: 1, done: false });
  expect(await run()).toMatchObject({ id: broken.id, looked: 2, evicted: 2, done: true });
});

test('calls of the other tiers keep every copy', async () => {
  const core = await archived('06-dispute');
  scene.clock.set('2030-01-01T00:00:00Z');
  expect(await run()).toMatchObject({ looked: 1, evicted: 1 });
  expect((await objectOf('redacted', core)).sites.toSorted()).toEqual(['branch', 'cloud', 'hq']);
});
