import { canonicalJson } from '../core/canonical-json.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import type { Classification, MediaFacts, RenditionFacts, RetentionFacts } from './facts.ts';
import type { CallMetadata } from './metadata.ts';
import type { Finding, MaskSpan } from './transcript.ts';
import type { OpenObject, StoredObject } from './vault.ts';
import type { Tier } from './vocabulary.ts';

export const MANIFEST_FORMAT = 'voxkeep/manifest/v1';

/** One object of the record as the manifest lists it; the manifest itself is not in its list. */
export interface ManifestObject {
  id: string;
  purpose: string;
  ordinal: number;
  pool: string;
  version: number;
  mediaType: string;
  plainBytes: number;
  sealedBytes: number;
  /** Hex SHA-256 of the ciphertext. */
  sealedSha256: string;
}

/** Sealed beside the objects: enough to rebuild the record's catalog rows without any database. */
export interface Manifest {
  format: typeof MANIFEST_FORMAT;
  recordId: RecordId;
  version: number;
  createdAt: Date;
  receivedAt: Date;
  tier: Tier;
  /** Free text is redacted; the customer's own number, account and name are whole, for the index. */
  metadata: CallMetadata;
  media: MediaFacts;
  rendition: RenditionFacts;
  findings: Finding[];
  maskSpans: MaskSpan[];
  classification: Classification;
  retention: RetentionFacts;
  /** Commitment to the original as it stands in the ledger: hex of SHA-256(salt ‖ bytes). */
  original: { salt: string; commitment: string };
  objects: ManifestObject[];
}

export function encodeManifest(manifest: Manifest): Buffer {
  const { createdAt, receivedAt, metadata, ...rest } = manifest;
  const plain = {
    ...rest,
    createdAt: createdAt.toISOString(),
    receivedAt: receivedAt.toISOString(),
    metadata: { ...metadata, startedAt: metadata.startedAt.toISOString() },
  };
  return Buffer.from(canonicalJson(plain));
}

/** Rejects with MANIFEST_BAD for another format. */
export async function readManifest(object: OpenObject): Promise<Manifest> {
  const json = JSON.parse((await object.readRange(0, object.sizeBytes)).toString()) as Manifest;
  if (json.format !== MANIFEST_FORMAT) {
    throw new ArchiveError('MANIFEST_BAD', `manifest format ${String(json.format)} is not known`);
  }
  return {
    ...json,
    createdAt: new Date(json.createdAt),
    receivedAt: new Date(json.receivedAt),
    metadata: { ...json.metadata, startedAt: new Date(json.metadata.startedAt) },
  };
}

export function manifestObject(object: StoredObject): ManifestObject {
  const { id, purpose, ordinal, pool, version, mediaType, plainBytes, sealedBytes } = object;
  const sealedSha256 = object.sealedSha256.toString('hex');
  return {
    ...{ id, purpose, ordinal, pool, version, mediaType },
    plainBytes,
    sealedBytes,
    sealedSha256,
  };
}
