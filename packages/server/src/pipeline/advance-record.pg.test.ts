import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadRules } from '../classify/index.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import { type IntakeScene, intakeScene } from '../intake/intake-scene.testing.ts';
import { parseMetadata } from '../intake/parse-metadata.ts';
import { openUpload } from '../intake/receive-record.ts';
import { sealFields } from '../keys/index.ts';
import { loadConfig } from '../main/config.ts';
import { wirePipeline } from '../main/wire-pipeline.ts';
import { advanceRecord } from './advance-record.ts';
import { copyPending } from './copy-pending.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyQuarantine } from './destroy-quarantine.ts';
import { moveRecord } from './move-record.ts';
import { reclassifyRecord } from './reclassify-record.ts';

const SAMPLES = resolve(import.meta.dirname, '../../../../samples');
const FIRST = { lastAttempt: false };
const LAST = { lastAttempt: true };
/** An ID number is said: the record is sensitive and two sites must acknowledge it. */
const ID_CALL = '04-id-number';
const STATES = ['probed', 'transcribed', 'redacted', 'classified', 'sealed', 'archived'];

let scene: IntakeScene;
let pipeline: PipelineDeps;
/** Counts the vault's calls and fails the one it is told to. */
let faults: { at: number; calls: number };

beforeEach(async () => {
  scene = await intakeScene({
    mediaBytes: 8 << 20,
    transcriptBytes: 1 << 20,
    screenshotBytes: 4096,
  });
  faults = { at: Number.POSITIVE_INFINITY, calls: 0 };
  const config = loadConfig({}, { workFolder: scene.folder });
  const rules = loadRules(readFileSync(config.classification, 'utf8'), 'rules');
  const { db } = scene.database;
  const { vault, clock } = scene;
  const counted =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      faults.calls += 1;
      if (faults.calls === faults.at) {
        throw new ArchiveError('SITE_UNREACHABLE', 'switched off', { retry: 'later' });
      }
      return work(...args);
    };
  const key = Buffer.alloc(32, 5);
  pipeline = await wirePipeline(config, {
    ...{ db, clock, audit: scene.intake.audit, rules: () => rules },
    vault: { ...vault, write: counted(vault.write), verify: counted(vault.verify) },
    indexKeys: { phone: key, text: key, account: key },
    fields: {
      createRecordKey: counted((recordId, pool) =>
        vault.write({
          ...{ recordId, pool, purpose: 'record-key', mediaType: 'application/octet-stream' },
          source: (async function* () {
            yield key;
          })(),
        }),
      ),
      seal: async (recordId, _pool, plain) => sealFields(key, recordId, plain, systemRandom),
    },
  });
});
afterEach(() => scene.close());

async function received(name: string): Promise<RecordId> {
  const upload = openUpload(scene.intake);
  const part = async (file: string) => {
    const bytes = await readFile(join(SAMPLES, file));
    return (async function* () {
      yield bytes;
    })();
  };
  await upload.media(await part(`${name}.wav`), 'audio/wav');
  await upload.transcript(await part(`${name}.transcript.json`));
  const metadata = parseMetadata(await readFile(join(SAMPLES, `${name}.json`), 'utf8'));
  return (await upload.commit(metadata, { id: 'test', role: 'service' })).id;
}

const record = (id: string) =>
  scene.database.db.selectFrom('record').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

const states = () =>
  scene.entries
    .filter((entry) => entry.action === 'record.state' && entry.outcome === 'ok')
    .map((entry) => entry.detail?.['to']);

/** Every file at the sites belongs to a row, and every row's copies are there. */
async function expectNoStrays(id: string): Promise<void> {
  const expected = (await scene.objects(id)).flatMap((object) =>
    object.sites.flatMap((site) => [`${site} ${object.id}.vke`, `${site} ${object.id}.vko`]),
  );
  const { files } = await scene.inventory();
  const found = files
    .filter((file) => /\.vk[eo]$/.test(file))
    .map((file) => `${file.split('/sites/')[1]?.split('/')[0]} ${file.split('/').at(-1)}`);
  expect(found.sort()).toEqual(expected.sort());
}

describe('a call', () => {
  test('goes the whole way in one job, each state on the ledger once', async () => {
    const id = await received(ID_CALL);
    expect(await advanceRecord(pipeline, id, FIRST)).toBe('archived');
    expect(states()).toEqual(STATES);
    const purposes = (await scene.objects(id))
      .filter((object) => object.pool === 'sensitive')
      .map((object) => object.purpose);
    expect(purposes.sort()).toEqual(
      ['manifest', 'peaks', 'record-key', 'redacted', 'redacted-transcript'].sort(),
    );
    await expectNoStrays(id);
  });

  test('whichever write or read-back fails, the next try ends archived and leaves no stray object', async () => {
    let tries = 0;
    for (let at = 1; ; at += 1) {
      await scene.close();
      scene = await intakeScene({
        ...{ mediaBytes: 8 << 20, transcriptBytes: 1 << 20, screenshotBytes: 4096 },
      });
      pipeline = { ...pipeline, db: scene.database.db, audit: scene.intake.audit };
      const { vault } = scene;
      const fail = async <R>(work: () => Promise<R>): Promise<R> => {
        faults.calls += 1;
        if (faults.calls === at) throw new ArchiveError('SITE_FULL', 'full', { retry: 'later' });
        return work();
      };
      pipeline.vault = {
        ...vault,
        write: (input) => fail(() => vault.write(input)),
        verify: (object, site) => fail(() => vault.verify(object, site)),
      };
      pipeline.fields = {
        ...pipeline.fields,
        createRecordKey: (recordId, pool) => keyOf(recordId, pool),
      };
      faults.calls = 0;
      const id = await received(ID_CALL);
      const first = await advanceRecord(pipeline, id, FIRST).catch(
        (error: ArchiveError) => error.code,
      );
      const failed = faults.calls >= at;
      if (failed) {
        tries += 1;
        expect(first).not.toBe('archived');
        // Steps had passed before it, so a new job with new attempts was made beside the intake's.
        expect(await advanceRecord(pipeline, id, FIRST)).toBe('archived');
      } else expect(first).toBe('archived');
      expect(states()).toEqual(STATES);
      await expectNoStrays(id);
      if (!failed) break;
    }
    // Four objects and the record's key are written, and five copies at two sites read back.
    expect(tries).toBeGreaterThanOrEqual(12);

    function keyOf(recordId: RecordId, pool: Parameters<typeof pipeline.fields.seal>[1]) {
      return pipeline.vault.write({
        ...{ recordId, pool, purpose: 'record-key', mediaType: 'application/octet-stream' },
        source: (async function* () {
          yield Buffer.alloc(32, 5);
        })(),
      });
    }
  });

  test('a ledger that cannot be written takes back the step, and what it wrote', async () => {
    const id = await received(ID_CALL);
    scene.faults.beforeCommit = async () => {
      if (states().includes('classified')) {
        throw new ArchiveError('LEDGER_UNAVAILABLE', 'off', { retry: 'later' });
      }
    };
    expect(await advanceRecord(pipeline, id, FIRST)).toBe('classified');
    await expectNoStrays(id);
    delete scene.faults.beforeCommit;
    expect(await advanceRecord(pipeline, id, FIRST)).toBe('archived');
    await expectNoStrays(id);
  });

  test('waits for a site that is gone, on the last attempt too, with its reason to see', async () => {
    const id = await received(ID_CALL);
    for (let attempts = 1; attempts <= 3; attempts += 1) {
      faults.at = faults.calls + 1;
      expect(await advanceRecord(pipeline, id, LAST)).toBe('classified');
      expect(await record(id)).toMatchObject({ attempts, reason_code: 'SITE_UNREACHABLE' });
    }
    expect(await advanceRecord(pipeline, id, LAST)).toBe('archived');
    expect(await record(id)).toMatchObject({ attempts: 0, reason_code: null, reason: null });
  });

  test('that fails for a reason nobody foresaw is quarantined on the last attempt, to go on from there', async () => {
    const id = await received(ID_CALL);
    pipeline.media = {
      ...pipeline.media,
      probe: () => Promise.reject(new TypeError('secret words of the call')),
    };
    await expect(advanceRecord(pipeline, id, FIRST)).rejects.toThrow(TypeError);
    expect(await advanceRecord(pipeline, id, LAST)).toBe('quarantined');
    const row = await record(id);
    expect(row).toMatchObject({ reason_code: 'STEP_FAILED', resume_state: 'received' });
    expect(JSON.stringify(row)).not.toContain('secret words');
  });

  test('without a transcript waits in quarantine, whatever the attempt', async () => {
    const upload = openUpload(scene.intake);
    const bytes = await readFile(join(SAMPLES, `${ID_CALL}.wav`));
    await upload.media(
      (async function* () {
        yield bytes;
      })(),
      'audio/wav',
    );
    const metadata = parseMetadata(await readFile(join(SAMPLES, `${ID_CALL}.json`), 'utf8'));
    const { id } = await upload.commit(metadata, { id: 'test', role: 'service' });
    expect(await advanceRecord(pipeline, id, FIRST)).toBe('quarantined');
    expect((await scene.objects(id)).map((object) => object.purpose).sort()).toEqual([
      'original',
      'submission',
    ]);
  });
});

describe('what follows', () => {
  test('a copy that was bent at one site is made good from another before it counts', async () => {
    const id = await received(ID_CALL);
    await advanceRecord(pipeline, id, FIRST);
    const rendition = (await scene.objects(id)).find((object) => object.purpose === 'redacted');
    const all = await readdir(join(scene.folder, 'sites/hq'), { recursive: true });
    const path = all.find((name) => name.endsWith(`${rendition?.id}.vko`)) ?? '';
    const file = join(scene.folder, 'sites/hq', path);
    const bytes = await readFile(file);
    bytes[500] = (bytes[500] ?? 0) ^ 1;
    await writeFile(file, bytes);
    expect((await copyPending(pipeline)).failed).toBe(0);
    const copied = (await scene.objects(id)).find((object) => object.purpose === 'redacted');
    expect([...(copied?.sites ?? [])].sort()).toEqual(['branch', 'cloud', 'hq']);
    await scene.vault.verify(rendition as never, 'cloud');
  });

  test('the submission goes at once; a sensitive original only after its days', async () => {
    const id = await received(ID_CALL);
    await advanceRecord(pipeline, id, FIRST);
    await destroyQuarantine(pipeline, id);
    const waiting = async () =>
      (await scene.objects(id))
        .filter((object) => object.pool === 'quarantine')
        .map((object) => object.purpose);
    expect(await waiting()).toEqual(['original']);
    scene.clock.set('2026-11-28T02:00:00Z');
    await destroyQuarantine(pipeline, id);
    expect(await waiting()).toEqual([]);
    await expectNoStrays(id);
  });
});

describe('a record that a person reclassifies', () => {
  const PERSON = { actor: { id: 'officer', role: 'compliance' }, person: 'p'.repeat(32) };
  const change = (tier: 'basic' | 'core' | 'sensitive', person = PERSON.person) => ({
    ...{ ...PERSON, tier, person, commitment: 'c'.repeat(64), requestId: 'r1' },
  });
  const callTier = async (id: string) =>
    (
      await scene.database.db
        .selectFrom('call')
        .select(['tier'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).tier;

  test('is stricter at once, and its objects follow under new keys; nothing of the old stays', async () => {
    const id = await received('01-enquiry');
    await advanceRecord(pipeline, id, FIRST);
    await destroyQuarantine(pipeline, id);
    const before = await scene.objects(id);
    expect(await reclassifyRecord(pipeline, id, change('core'))).toBe('done');
    expect(await callTier(id)).toBe('core');
    const kept = await scene.read(before.find((one) => one.purpose === 'redacted') as never);
    // Whichever write or read-back fails, the next run ends where it belongs.
    for (let at = 1; ; at += 1) {
      faults = { at, calls: 0 };
      const failed = await moveRecord(pipeline, id).then(
        () => false,
        () => true,
      );
      if (!failed) break;
      expect((await scene.objects(id)).map((one) => one.pool)).not.toContain('core');
    }
    const after = await scene.objects(id);
    for (const object of after) {
      expect(object.pool).toBe(object.purpose === 'record-key' ? 'basic' : 'core');
    }
    expect(after.map((one) => one.purpose).sort()).toEqual(before.map((one) => one.purpose).sort());
    const redacted = after.find((one) => one.purpose === 'redacted');
    expect(await scene.read(redacted as never)).toEqual(kept);
    const manifest = after.find((one) => one.purpose === 'manifest');
    const told = JSON.parse((await scene.read(manifest as never)).toString());
    expect(told).toMatchObject({ tier: 'core', version: 2, retention: expect.anything() });
    await expectNoStrays(id);
    await moveRecord(pipeline, id);
    expect(await scene.objects(id)).toEqual(after);
    const cases = await scene.database.db.selectFrom('record_case').selectAll().execute();
    expect(cases.map((one) => one.record_id)).toContain(id);
  });

  test('is less strict only when a second person asks for the same', async () => {
    const id = await received(ID_CALL);
    await advanceRecord(pipeline, id, FIRST);
    expect(await reclassifyRecord(pipeline, id, change('basic'))).toBe('awaits-second-person');
    expect(await reclassifyRecord(pipeline, id, change('basic'))).toBe('awaits-second-person');
    expect(await callTier(id)).toBe('sensitive');
    const other = 'q'.repeat(32);
    expect(await reclassifyRecord(pipeline, id, change('core', other))).toBe(
      'awaits-second-person',
    );
    // The same account under a new person number is nobody else.
    expect(await reclassifyRecord(pipeline, id, change('core'))).toBe('awaits-second-person');
    const colleague = { ...change('core', other), actor: { id: 'deputy', role: 'compliance' } };
    expect(await reclassifyRecord(pipeline, id, colleague)).toBe('done');
    expect(await callTier(id)).toBe('core');
    const same = reclassifyRecord(pipeline, id, change('core'));
    await expect(same).rejects.toMatchObject({ code: 'TIER_UNCHANGED' });
  });
});
