import type { StoredObject } from '../record/vault.ts';

/** Of the sealed manifest, for the ledger: what repairs and rebuilds of the record are held against. */
export function manifestDigest(objects: readonly StoredObject[]): { manifest?: string } {
  const manifest = objects.findLast((one) => one.purpose === 'manifest');
  return manifest === undefined ? {} : { manifest: manifest.sealedSha256.toString('hex') };
}
