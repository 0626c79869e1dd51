import type { Db } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import { readManifest } from '../record/manifest.ts';
import { objectsOf } from '../record/object-rows.ts';
import type { Transcript } from '../record/transcript.ts';
import type { ObjectPurpose, Vault } from '../record/vault.ts';
import type { CopiedRecord } from '../serve/ports.ts';

/**
 * What a person's copy holds of one record, all of it redacted. The archive opens it itself: that the copy
 * is made was decided by two people, neither of whom may hear or read the call. Rejects with RECORD_UNKNOWN.
 */
export async function subjectMaterial(
  deps: { db: Db; vault: Pick<Vault, 'open'> },
  recordId: string,
  withMedia: boolean,
): Promise<CopiedRecord> {
  const open = async (purpose: ObjectPurpose) => {
    const objects = await objectsOf(deps.db, recordId as RecordId, purpose);
    const stored = objects.filter((object) => object.pool !== 'quarantine').at(-1);
    if (stored === undefined) {
      throw new ArchiveError('RECORD_UNKNOWN', `record ${recordId} keeps no ${purpose}`);
    }
    return deps.vault.open(stored);
  };
  const manifest = await readManifest(await open('manifest'));
  const kept = await open('redacted-transcript');
  const text = (await kept.readRange(0, kept.sizeBytes)).toString();
  return {
    ...{ manifest, transcript: JSON.parse(text) as Transcript },
    ...(withMedia ? { media: await open('redacted') } : {}),
  };
}
