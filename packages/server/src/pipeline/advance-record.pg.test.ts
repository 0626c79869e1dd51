import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import type { IntakeScene } from '../intake/intake-scene.testing.ts';
import { parseMetadata } from '../intake/parse-metadata.ts';
import { openUpload } from '../intake/receive-record.ts';
import { advanceRecord } from './advance-record.ts';
import { copyPending } from './copy-pending.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyQuarantine } from './destroy-quarantine.ts';
import {
  expectNoStrays,
  type Faults,
  FIRST,
  ID_CALL,
  noFaults,
  pipelineOver,
  receive,
  SAMPLES,
  sampleScene,
} from './pipeline-scene.testing.ts';

const LAST = { lastAttempt: true };
const STATES = ['probed', 'transcribed', 'redacted', 'classified', 'sealed', 'archived'];

let scene: IntakeScene;
let pipeline: PipelineDeps;
let faults: Faults;

beforeEach(async () => {
  scene = await sampleScene();
  faults = noFaults();
  pipeline = await pipelineOver(scene, faults);
});
afterEach(() => scene.close());

const received = (name: string) => receive(scene, name);

const record = (id: string) =>
  scene.database.db.selectFrom('record').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

const states = () =>
  scene.entries
    .filter((entry) => entry.action === 'record.state' && entry.outcome === 'ok')
    .map((entry) => entry.detail?.['to']);

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
    await expectNoStrays(scene, id);
  });

  test('whichever write or read-back fails, the next try ends archived and leaves no stray object', async () => {
    let tries = 0;
    for (let at = 1; ; at += 1) {
      await scene.close();
      scene = await sampleScene();
      pipeline = await pipelineOver(scene, noFaults());
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
      await expectNoStrays(scene, id);
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
    await expectNoStrays(scene, id);
    delete scene.faults.beforeCommit;
    expect(await advanceRecord(pipeline, id, FIRST)).toBe('archived');
    await expectNoStrays(scene, id);
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
    await expectNoStrays(scene, id);
  });
});
