import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { hasCode } from '../core/errors.ts';
import type { ObjectId, RecordId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { type KeyRoom, type KeyStore, openFields, sealFields } from '../keys/index.ts';
import type { FieldSealer } from '../pipeline/ports.ts';
import { type Pool, TIERS, type Tier } from '../record/vocabulary.ts';
import type { CallFields, FieldOpener, OwnRows } from '../serve/search/index.ts';

/** A record key's envelope stands under the record's own id. */
const recordKey = (recordId: RecordId) => ({
  recordId,
  objectId: recordId as string as ObjectId,
});

/** Seals a record's catalog fields under its own key. */
export function fieldSealer(
  keyRoom: KeyRoom,
  random: Random,
  acknowledged: (pool: Pool) => readonly string[],
): FieldSealer {
  return {
    async createRecordKey(recordId, pool) {
      const names = acknowledged(pool);
      const purpose = 'record-key' as const;
      const ref = { ...recordKey(recordId), pool, version: 1, purpose };
      const made = await keyRoom.createKey(ref, names);
      made.key.fill(0);
      await made.stored;
      return {
        ...{ id: ref.objectId, recordId, purpose, ordinal: 0, pool, version: 1 },
        ...{ mediaType: 'application/octet-stream', plainBytes: 0, sealedBytes: 0 },
        ...{ sealedSha256: createHash('sha256').digest(), sites: [...names] },
      };
    },
    async seal(recordId, pool, plain) {
      const key = await keyRoom.openKey({ ...recordKey(recordId), pool });
      return sealFields(key, recordId, plain, random);
    },
  };
}

/** The record's own key is in the pool of the tier it first had: usually, but not always, today's. */
async function openRecordKey(
  keyRoom: Pick<KeyRoom, 'openKey'>,
  id: RecordId,
  tier: Tier,
): Promise<Buffer> {
  let failure: unknown;
  for (const pool of [tier, ...TIERS.filter((one) => one !== tier)]) {
    try {
      return await keyRoom.openKey({ ...recordKey(id), pool });
    } catch (error) {
      if (!hasCode(error, 'ENVELOPE_MISSING')) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/**
 * Opens the fields of a page of catalog rows, each under its record's key. A row whose key no site has,
 * as after a recovery from a site that it had not reached, does not keep the others from being shown.
 */
export function fieldOpener(keyRoom: Pick<KeyRoom, 'openKey'>): FieldOpener {
  return async (rows) => {
    const found = await Promise.all(
      rows.map(async (row) => {
        const id = row.id as RecordId;
        const key = await openRecordKey(keyRoom, id, row.tier).catch((error: unknown) => {
          if (!hasCode(error, 'ENVELOPE_MISSING')) throw error;
        });
        if (key === undefined) return [];
        const plain = inflateRawSync(openFields(key, id, row.fields)).toString();
        return [[row.id, JSON.parse(plain) as CallFields] as const];
      }),
    );
    return new Map(found.flat());
  };
}

/** Seals rows of a person's own, each under its own id. */
export function ownRowSealer(keys: KeyStore, random: Random): OwnRows {
  const key = keys.secret('account-rows');
  return {
    seal: (id, plain) => sealFields(key, id, plain, random),
    open: (id, sealed) => openFields(key, id, sealed),
  };
}
