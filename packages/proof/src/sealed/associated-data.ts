/** What a sealed object is bound to; another record, object, version or pool does not open it. */
export interface SealedIdentity {
  /** UUIDs in lower-case text form. */
  recordId: string;
  objectId: string;
  version: number;
  pool: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const POOL = /^[a-z][a-z0-9-]*$/;

/** The exact bytes; docs/FORMAT.md, "Associated data". Throws TypeError for what has no such form. */
export function sealedAssociatedData(identity: SealedIdentity): Buffer {
  const { recordId, objectId, version, pool } = identity;
  if (!UUID.test(recordId) || !UUID.test(objectId)) throw new TypeError('ids must be UUIDs');
  if (!Number.isSafeInteger(version) || version < 1) throw new TypeError('version must be ≥ 1');
  if (!POOL.test(pool)) throw new TypeError('pool must be a lower-case word');
  return Buffer.from(
    `voxkeep/object/v1\nrecord=${recordId}\nobject=${objectId}\nversion=${version}\npool=${pool}\n`,
  );
}
