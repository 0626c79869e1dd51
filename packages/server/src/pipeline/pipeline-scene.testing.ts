import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { loadRules } from '../classify/index.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import { type IndexKeyring, openIndexEpochs } from '../index/index.ts';
import {
  ARCHIVE_ID,
  type IntakeScene,
  intakeScene,
  type SceneSite,
} from '../intake/intake-scene.testing.ts';
import { parseMetadata } from '../intake/parse-metadata.ts';
import { openUpload } from '../intake/receive-record.ts';
import { journalSeal, scrubJournal } from '../journal/index.ts';
import { sealFields } from '../keys/index.ts';
import { loadConfig } from '../main/config.ts';
import { searchesOfHolds } from '../main/holds-view.ts';
import { siteJournal } from '../main/open-journal.ts';
import { wirePipeline } from '../main/wire-pipeline.ts';
import { holdGate } from '../retire/holds/index.ts';
import type { PipelineDeps } from './deps.ts';

export const SAMPLES = resolve(import.meta.dirname, '../../../../samples');
/** Of the scene's late calls. */
export const WATCH_KEY = Buffer.alloc(32, 7);
export const FIRST = { lastAttempt: false };
/** An ID number is said: the record is sensitive and two sites must acknowledge it. */
export const ID_CALL = '04-id-number';

/** Texts of holds as they are. */
export const OPEN_TEXTS = {
  seal: (_id: string, plain: Buffer) => plain,
  open: (_id: string, sealed: Buffer) => sealed,
};

/** Counts the vault's calls and fails the one it is told to. */
export interface Faults {
  at: number;
  calls: number;
}
export const noFaults = (): Faults => ({ at: Number.POSITIVE_INFINITY, calls: 0 });

/** An archive that takes the sample calls. */
export const sampleScene = (siteOf?: SceneSite) =>
  intakeScene({ mediaBytes: 8 << 20, transcriptBytes: 1 << 20, screenshotBytes: 4096 }, siteOf);

/** Where and how the scene's journal is kept. */
export const journalOf = (scene: IntakeScene) => ({
  stores: scene.sites.all.map(siteJournal),
  seal: journalSeal(Buffer.alloc(32, 9), ARCHIVE_ID),
});

/** The steps as they are wired, over the scene's sites and one key for all. */
export async function pipelineOver(scene: IntakeScene, faults: Faults): Promise<PipelineDeps> {
  const config = loadConfig({}, { workFolder: scene.folder });
  const rules = loadRules(readFileSync(config.classification, 'utf8'), 'rules');
  const { db } = scene.database;
  const { vault, clock, entries, strays, placement } = scene;
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
  const indexKeys = await openIndexEpochs({ db, clock, keys: scene.keys });
  const wired = await wirePipeline(config, {
    ...{ db, clock, audit: scene.intake.audit, rules: () => rules, strays, placement },
    scrubJournal: (wanted) =>
      scrubJournal({ db, clock, audit: scene.intake.audit, ...journalOf(scene) }, wanted),
    vault: { ...vault, write: counted(vault.write), verify: counted(vault.verify) },
    indexKeys,
    holds: holdGate(gatingOf(scene, indexKeys)),
    watchKey: WATCH_KEY,
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
  /** The scene's entries lie in its memory. */
  const loggedManifest = async (recordId: RecordId) => {
    const named = entries.filter((one) => one.resource === recordId && one.detail?.['manifest']);
    return named.at(-1)?.detail?.['manifest'] as string | undefined;
  };
  return { ...wired, loggedManifest };
}

/** What the gate of holds asks in a scene; its free texts lie open. */
export const gatingOf = ({ clock, intake: { audit } }: IntakeScene, indexKeys: IndexKeyring) => ({
  ...{ clock, audit, texts: OPEN_TEXTS },
  searches: searchesOfHolds(indexKeys, loadConfig({}, { workFolder: '/' }).timeZone),
});

/** Takes in a sample call with its transcript. */
export async function receive(scene: IntakeScene, name: string): Promise<RecordId> {
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

/** Every file at the sites belongs to a row, and every row's copies are there. */
export async function expectNoStrays(scene: IntakeScene, id: string): Promise<void> {
  const expected = (await scene.objects(id)).flatMap((object) =>
    object.sites.flatMap((site) => [`${site} ${object.id}.vke`, `${site} ${object.id}.vko`]),
  );
  const { files } = await scene.inventory();
  const found = files
    .filter((file) => /\.vk[eo]$/.test(file))
    .map((file) => `${file.split('/sites/')[1]?.split('/')[0]} ${file.split('/').at(-1)}`);
  expect(found.sort()).toEqual(expected.sort());
}
