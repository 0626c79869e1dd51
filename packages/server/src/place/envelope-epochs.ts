import { hasCode } from '../core/errors.ts';
import { epochOf, type KeyRoom } from '../keys/index.ts';
import type { StoredObject } from '../record/vault.ts';
import type { SiteStore } from './ports.ts';
import { envelopeKey, placeError, readAll, type SiteSet } from './site-set.ts';

/** The envelopes of objects, by the epochs of the keys around them. */
export interface EnvelopeEpochs {
  /**
   * Brings the object's envelope into the current epoch at every site that has one or should: read back
   * there before it resolves. `unopened` when every site has answered and none has one that opens.
   * Rejects with SITE_UNREACHABLE and the like, with some sites done or none: both envelopes open, and
   * it may be run again. The caller holds the object.
   */
  renew(object: StoredObject): Promise<'renewed' | 'current' | 'unopened'>;
  /** The epochs that its envelopes name, at whichever site. Rejects when a site does not answer. */
  of(object: StoredObject): Promise<ReadonlySet<string>>;
}

export function envelopeEpochs(options: {
  sites: SiteSet;
  keyRoom: Pick<KeyRoom, 'renewEnvelope'>;
}): EnvelopeEpochs {
  const { sites, keyRoom } = options;

  async function copies({ pool, id }: StoredObject) {
    const found: { site: SiteStore; envelope: Buffer | undefined }[] = [];
    for (const site of sites.all) {
      const envelope = await readAll(site, pool, envelopeKey(id)).catch((error: unknown) => {
        if (hasCode(error, 'OBJECT_MISSING')) return undefined;
        throw error;
      });
      found.push({ site, envelope });
    }
    return found;
  }

  /** Wrapping is deterministic: whichever copy it is made of, the renewed envelope is the same. */
  async function renewedFrom(
    object: StoredObject,
    envelopes: readonly Buffer[],
  ): Promise<Buffer | undefined> {
    for (const bytes of envelopes) {
      try {
        const { ref, envelope } = await keyRoom.renewEnvelope(bytes);
        const { id, recordId, pool } = object;
        if (ref.objectId === id && ref.recordId === recordId && ref.pool === pool) return envelope;
      } catch (error) {
        const isThisCopy =
          hasCode(error, 'ENVELOPE_DAMAGED') || hasCode(error, 'KEYS_EPOCH_MISSING');
        if (!isThisCopy) throw error;
      }
    }
    return undefined;
  }

  return {
    async renew(object) {
      const { pool, id } = object;
      const found = await copies(object);
      const renewed = await renewedFrom(
        object,
        found.flatMap(({ envelope }) => envelope ?? []),
      );
      if (renewed === undefined) return 'unopened';
      let written = 0;
      for (const { site, envelope } of found) {
        const isWanted = envelope !== undefined || object.sites.includes(site.name);
        if (!isWanted || envelope?.equals(renewed) === true) continue;
        await site.put(pool, envelopeKey(id), [renewed]);
        if (!(await readAll(site, pool, envelopeKey(id))).equals(renewed)) {
          throw placeError('OBJECT_DAMAGED', `the envelope of ${id} at ${site.name} did not stay`);
        }
        written += 1;
      }
      return written > 0 ? 'renewed' : 'current';
    },
    async of(object) {
      const found = await copies(object);
      return new Set(found.flatMap(({ envelope }) => (envelope && epochOf(envelope)) ?? []));
    },
  };
}
