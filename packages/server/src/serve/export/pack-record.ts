import { encodeInclusionFile } from '@voxkeep/proof';
import type { Db } from '../../core/database.ts';
import type { RecordId } from '../../core/ids.ts';
import {
  assertAllBack,
  entriesForResource,
  inclusionProof,
  type StoredEntry,
} from '../../ledger/index.ts';
import type { Transcript } from '../../record/transcript.ts';
import type { Pass } from '../../record/vault.ts';
import type { ServeDeps } from '../ports.ts';
import { openManifest, openRecordObject, openScreenshot } from '../record-facts.ts';
import { presentTranscript } from '../view/present-record.ts';
import { exportManifest } from './export-manifest.ts';
import type { PackedFile, ZipPackage } from './zip-package.ts';

/** The tree of which every proof of a package speaks. */
export interface Checkpoint {
  size: number;
  checkpoint: string;
}

/** One record as the package's index lists it. */
export interface PackedRecord {
  id: string;
  folder: string;
  startedAt: string;
  durationMs: number;
  tier: string;
  ledgerEntries: number;
  files: PackedFile[];
}

const PAGE_ENTRIES = 500;
const ENDINGS: Record<string, string> = {
  ...{ 'audio/wav': 'wav', 'audio/flac': 'flac', 'video/mp4': 'mp4' },
  ...{ 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' },
};
const endingOf = (mediaType: string) => ENDINGS[mediaType] ?? 'bin';

/**
 * Everything of one record that an export holds, opened under `pass`: what the key room withholds
 * breaks the package off. `screenshots` only for who may have attachments.
 */
export async function packRecord(
  deps: Pick<ServeDeps, 'db' | 'vault' | 'renderVtt'>,
  pack: ZipPackage,
  record: { id: RecordId; pass: Pass; screenshots: boolean },
  tree: Checkpoint,
): Promise<PackedRecord> {
  const { id, pass } = record;
  const folder = `records/${id}`;
  const files: PackedFile[] = [];
  const add = async (name: string, source: AsyncIterable<Uint8Array> | string, size?: number) =>
    files.push(await pack.add(`${folder}/${name}`, source, size));

  const manifest = await openManifest(deps, id, pass);
  await add('manifest.json', exportManifest(manifest));
  const media = await openRecordObject(deps, id, 'redacted', pass);
  const ending = endingOf(manifest.rendition.mediaType);
  await add(`media.${ending}`, media.stream(), media.sizeBytes);
  const kept = await openRecordObject(deps, id, 'redacted-transcript', pass);
  const text = (await kept.readRange(0, kept.sizeBytes)).toString();
  const transcript = JSON.parse(text) as Transcript;
  const shown = presentTranscript(transcript, manifest.findings);
  await add('transcript.json', `${JSON.stringify(shown, undefined, 1)}\n`);
  await add('transcript.vtt', deps.renderVtt(transcript));
  if (record.screenshots) {
    for (const { ordinal } of manifest.objects.filter(({ purpose }) => purpose === 'screenshot')) {
      const shot = await openScreenshot(deps, id, ordinal, pass);
      const name = `screenshots/${ordinal + 1}.${endingOf(shot.stored.mediaType)}`;
      await add(name, shot.stream(), shot.sizeBytes);
    }
  }
  const entries = await trailOf(deps.db, id, tree.size);
  await add('trail.jsonl', entries.map(({ bytes }) => `${bytes.toString()}\n`).join(''));
  for (const { index, bytes } of entries) {
    const hashes = await inclusionProof(deps.db, index, tree.size);
    const { checkpoint } = tree;
    const proof = encodeInclusionFile({ index, entry: bytes, hashes, checkpoint });
    await add(`proofs/${index}.tlog-proof`, proof);
  }
  return {
    ...{ id, folder, startedAt: manifest.metadata.startedAt.toISOString() },
    ...{ durationMs: manifest.media.durationMs, tier: manifest.tier },
    ...{ ledgerEntries: entries.length, files },
  };
}

/** Every entry about the record in the tree of `size`, oldest first. Rejects with LEDGER_RESTORING. */
async function trailOf(db: Db, id: RecordId, size: number): Promise<StoredEntry[]> {
  await assertAllBack(db);
  const all: StoredEntry[] = [];
  for (let before = size; ; ) {
    const page = await entriesForResource(db, id, { limit: PAGE_ENTRIES, before });
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ENTRIES) return all.reverse();
    before = last.index;
  }
}
