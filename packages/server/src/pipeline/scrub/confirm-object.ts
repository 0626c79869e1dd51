import { ArchiveError } from '../../core/errors.ts';
import { readManifest } from '../../record/manifest.ts';
import { objectsOf } from '../../record/object-rows.ts';
import type { StoredObject } from '../../record/vault.ts';
import type { PipelineDeps } from '../deps.ts';

/**
 * The object with the digest that its copies have to have: as the record's manifest lists it, and that
 * manifest as the ledger has it. What most sites hold says nothing. Originals that wait in quarantine are
 * in no manifest yet, and an envelope proves itself: those are taken as they are. Rejects with
 * OBJECT_UNCONFIRMED.
 */
export async function confirmObject(
  deps: Pick<PipelineDeps, 'db' | 'vault' | 'loggedManifest'>,
  object: StoredObject,
): Promise<StoredObject> {
  const { recordId, purpose, pool } = object;
  if (pool === 'quarantine' || purpose === 'record-key') return object;
  const logged = await deps.loggedManifest(recordId);
  const manifests = await objectsOf(deps.db, recordId, 'manifest');
  const manifest = manifests.find((one) => one.sealedSha256.toString('hex') === logged);
  if (manifest === undefined) throw unconfirmed(object, 'no manifest that the ledger confirms');
  if (object.id === manifest.id) return manifest;
  const { objects } = await readManifest(await deps.vault.open(manifest));
  const line = objects.find((one) => one.id === object.id);
  if (line === undefined) throw unconfirmed(object, 'its manifest does not list it');
  const { sealedBytes, sealedSha256 } = line;
  return { ...object, sealedBytes, sealedSha256: Buffer.from(sealedSha256, 'hex') };
}

const unconfirmed = ({ id }: StoredObject, why: string) =>
  new ArchiveError('OBJECT_UNCONFIRMED', `object ${id}: ${why}`, { retry: 'later' });
