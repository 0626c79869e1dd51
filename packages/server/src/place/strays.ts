import { hasCode } from '../core/errors.ts';
import { isUuid, type ObjectId, type RecordId } from '../core/ids.ts';
import type { KeyRoom } from '../keys/index.ts';
import type { Pool } from '../record/vocabulary.ts';
import { envelopeKey, objectKey, readAll, type SiteSet } from './site-set.ts';

/** What lies at sites, whether anything knows of it or not. All reject with SITE_UNREACHABLE, SITE_FOREIGN. */
export interface Strays {
  /** Ids of the objects and envelopes in a pool at a site, some twice; what is neither is passed over. */
  listed(site: string, pool: Pool): AsyncIterable<ObjectId>;
  /** When the newest of object and envelope came there; undefined when neither is there. */
  writtenAt(site: string, pool: Pool, id: ObjectId): Promise<Date | undefined>;
  /**
   * The record that the envelope names, from whichever site has it; undefined when none has one: then
   * nobody can read the bytes. Rejects with the key room's codes for an envelope that does not open.
   */
  recordOf(pool: Pool, id: ObjectId): Promise<RecordId | undefined>;
  /** Bytes, then envelope. Rejects with OBJECT_LOCKED, nothing being gone. */
  delete(site: string, pool: Pool, id: ObjectId): Promise<void>;
}

export function createStrays({
  sites,
  keyRoom,
}: {
  sites: SiteSet;
  keyRoom: Pick<KeyRoom, 'checkEnvelope'>;
}): Strays {
  return {
    async *listed(siteName, pool) {
      for (const prefix of ['objects/', 'envelopes/']) {
        for await (const { key } of sites.named(siteName).list(pool, prefix)) {
          const id = idOf(key);
          if (id !== undefined) yield id;
        }
      }
    },
    async writtenAt(siteName, pool, id) {
      const site = sites.named(siteName);
      const found = await Promise.all(
        [objectKey(id), envelopeKey(id)].map((key) => site.stat(pool, key)),
      );
      const times = found.flatMap((one) => (one === undefined ? [] : [one.writtenAt.getTime()]));
      return times.length === 0 ? undefined : new Date(Math.max(...times));
    },
    async recordOf(pool, id) {
      for (const site of sites.all) {
        try {
          const bytes = await readAll(site, pool, envelopeKey(id));
          return (await keyRoom.checkEnvelope(bytes)).recordId;
        } catch (error) {
          if (!hasCode(error, 'OBJECT_MISSING')) throw error;
        }
      }
      return undefined;
    },
    async delete(siteName, pool, id) {
      const site = sites.named(siteName);
      await site.delete(pool, objectKey(id));
      await site.delete(pool, envelopeKey(id));
    },
  };
}

/** Of a key that is exactly where an object or envelope of that id belongs. */
function idOf(key: string): ObjectId | undefined {
  const id = key.split('/').at(-1)?.slice(0, -'.vko'.length) ?? '';
  const ours = isUuid(id) && (key === objectKey(id) || key === envelopeKey(id));
  return ours ? (id as ObjectId) : undefined;
}
