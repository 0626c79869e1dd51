import { createHash } from 'node:crypto';
import {
  openRange,
  plainSize,
  SealedError,
  sealedAssociatedData,
  sealStream,
} from '@voxkeep/proof';
import type { Clock } from '../core/clock.ts';
import { hasCode } from '../core/errors.ts';
import { newObjectId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { ENVELOPE_BYTES, type KeyRoom } from '../keys/index.ts';
import type { OpenObject, Pass, StoredObject, Vault } from '../record/vault.ts';
import type { Pool } from '../record/vocabulary.ts';
import type { SiteStore } from './ports.ts';
import { all, envelopeKey, objectKey, placeError, readAll, type SiteSet } from './site-set.ts';
import { tee } from './tee.ts';

/** What another site's copy may make good. */
const TRY_ELSEWHERE = ['OBJECT_DAMAGED', 'OBJECT_MISSING', 'SITE_UNREACHABLE', 'SITE_FOREIGN'];

const refOf = ({ id: objectId, recordId, pool }: StoredObject) => ({ recordId, objectId, pool });

const damaged = (id: string, site: string, cause?: unknown) =>
  placeError('OBJECT_DAMAGED', `the copy of ${id} at ${site} is not what was written`, { cause });

/** Ends only when every byte is the object's, so that a bad copy never replaces a good one. */
async function* matching(
  source: AsyncIterable<Uint8Array>,
  object: StoredObject,
  site: string,
): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256');
  for await (const piece of source) {
    digest.update(piece);
    yield piece;
  }
  if (!digest.digest().equals(object.sealedSha256)) throw damaged(object.id, site);
}

/** Sealed objects over keys and sites. Error codes: those of the ports of both rooms. */
export function createVault(options: {
  sites: SiteSet;
  keyRoom: KeyRoom;
  clock: Clock;
  random: Random;
  /** Where an object has to be durable before its write resolves. */
  acknowledged: (pool: Pool) => readonly string[];
}): Vault {
  const { sites, keyRoom, clock, random, acknowledged } = options;

  async function write(input: Parameters<Vault['write']>[0]): Promise<StoredObject> {
    const { recordId, purpose, pool, mediaType, source, ordinal = 0, version = 1 } = input;
    const objectId = newObjectId(clock, random);
    const names = acknowledged(pool);
    const ref = { recordId, objectId, pool, version, purpose };
    const { key, stored } = await keyRoom.createKey(ref, names);
    try {
      const seal = sealStream(key, sealedAssociatedData({ recordId, objectId, version, pool }));
      key.fill(0);
      const digest = createHash('sha256');
      let sealedBytes = 0;
      const watched = (async function* () {
        for await (const piece of seal(source)) {
          digest.update(piece);
          sealedBytes += piece.length;
          yield piece;
        }
        // No object is there before its envelope: the streams end, and become visible, after it.
        await stored;
      })();
      const { readers, abort } = tee(watched, names.length);
      const puts = names.map(async (name, at) => {
        try {
          await sites.named(name).put(pool, objectKey(objectId), readers[at] ?? []);
        } catch (error) {
          abort(error);
          throw error;
        }
      });
      await all(puts);
      return {
        ...{ id: objectId, recordId, purpose, ordinal, pool, version, mediaType },
        ...{ plainBytes: plainSize(sealedBytes), sealedBytes },
        sealedSha256: digest.digest(),
        sites: [...names],
      };
    } catch (error) {
      await stored.catch(() => undefined);
      await discard([{ id: objectId, recordId, pool, sites: names }]);
      throw error;
    }
  }

  async function discard(written: Parameters<Vault['discard']>[0]): Promise<void> {
    for (const { id: objectId, recordId, pool, sites: names } of written) {
      await keyRoom.discardKey({ recordId, objectId, pool }, names).catch(() => undefined);
      const key = objectKey(objectId);
      await Promise.allSettled(
        names.map((name) => sites.named(name).delete(pool, key, { unnoted: true })),
      );
    }
  }

  async function destroy(object: Pick<StoredObject, 'id' | 'recordId' | 'pool'>): Promise<void> {
    const { id: objectId, recordId, pool } = object;
    await keyRoom.destroyKey({ recordId, objectId, pool });
    await all(
      sites.all.map((site) =>
        site.delete(pool, objectKey(objectId)).catch((error: unknown) => {
          // Nobody can read it any more; the bytes go when the lock ends.
          if (!hasCode(error, 'OBJECT_LOCKED')) throw error;
        }),
      ),
    );
  }

  async function destroyAt({ id, pool }: Pick<StoredObject, 'id' | 'pool'>, siteName: string) {
    const site = sites.named(siteName);
    await site.delete(pool, envelopeKey(id));
    try {
      await site.delete(pool, objectKey(id));
      return true;
    } catch (error) {
      if (hasCode(error, 'OBJECT_LOCKED')) return false;
      throw error;
    }
  }

  async function lock(object: StoredObject, siteName: string, until: Date): Promise<boolean> {
    const site = sites.named(siteName);
    const { id, pool, purpose } = object;
    if (purpose === 'record-key' || !site.locks(pool) || until <= clock.now()) return false;
    await site.lock(pool, objectKey(id), until);
    return true;
  }

  /** The nearest site whose copy has the size that was written. */
  async function siteOf(object: StoredObject): Promise<SiteStore> {
    let failure: unknown;
    for (const site of sites.all) {
      try {
        const stat = await site.stat(object.pool, objectKey(object.id));
        if (stat?.sizeBytes === object.sealedBytes) return site;
        if (stat !== undefined) failure = damaged(object.id, site.name);
      } catch (error) {
        failure = error;
      }
    }
    throw failure ?? placeError('OBJECT_MISSING', `no site has object ${object.id}`);
  }

  const open = (object: StoredObject) => openWith(object, () => keyRoom.openKey(refOf(object)));
  const openFor = (object: StoredObject, pass: Pass) =>
    openWith(object, () => keyRoom.openKeyFor(refOf(object), pass));

  async function openWith(object: StoredObject, keyOf: () => Promise<Buffer>): Promise<OpenObject> {
    const { id: objectId, recordId, version, pool, sealedBytes } = object;
    const associated = sealedAssociatedData({ recordId, objectId, version, pool });
    // Refused now rather than at the first read; the key itself is asked for at each read, so that
    // a key that was dropped or destroyed ends what is open too.
    (await keyOf()).fill(0);
    const stored = objectKey(objectId);
    let site = await siteOf(object);
    async function readFrom(from: SiteStore, offset: number, length: number): Promise<Buffer> {
      const key = await keyOf();
      const readAt = (at: number, size: number) => from.readRange(pool, stored, at, size);
      try {
        return await openRange(key, associated, readAt, sealedBytes, offset, length);
      } catch (error) {
        throw error instanceof SealedError ? damaged(objectId, from.name, error) : error;
      } finally {
        key.fill(0);
      }
    }
    async function readRange(offset: number, length: number): Promise<Buffer> {
      try {
        return await readFrom(site, offset, length);
      } catch (error) {
        if (!TRY_ELSEWHERE.some((code) => hasCode(error, code))) throw error;
        // A damaged or vanished copy: another site's serves, and goes on serving.
        for (const other of sites.all) {
          if (other.name === site.name) continue;
          try {
            const bytes = await readFrom(other, offset, length);
            site = other;
            return bytes;
          } catch {
            // That one neither.
          }
        }
        throw error;
      }
    }
    const sizeBytes = object.plainBytes;
    return {
      sizeBytes,
      readRange: (offset, length) =>
        offset >= sizeBytes ? Promise.resolve(Buffer.alloc(0)) : readRange(offset, length),
      async *stream(start = 0, endExclusive = sizeBytes) {
        const chunk = 1024 * 1024;
        for (let at = start; at < endExclusive; at += chunk) {
          yield await readRange(at, Math.min(chunk, endExclusive - at));
        }
      },
    };
  }

  async function verify(object: StoredObject, siteName: string): Promise<void> {
    const site = sites.named(siteName);
    const { id, pool } = object;
    const envelope = await readAll(site, pool, envelopeKey(id));
    const ref = await keyRoom.checkEnvelope(envelope);
    if (ref.objectId !== id || ref.recordId !== object.recordId) {
      throw placeError('OBJECT_DAMAGED', `the envelope of ${id} at ${siteName} is another's`);
    }
    if (object.purpose === 'record-key') return;
    const digest = createHash('sha256');
    for await (const piece of site.get(pool, objectKey(id))) digest.update(piece);
    if (!digest.digest().equals(object.sealedSha256)) throw damaged(id, siteName);
  }

  async function look(object: StoredObject, siteName: string): Promise<void> {
    const site = sites.named(siteName);
    const { id, pool, purpose, sealedBytes } = object;
    const wanted = [
      { key: envelopeKey(id), sizeBytes: ENVELOPE_BYTES },
      ...(purpose === 'record-key' ? [] : [{ key: objectKey(id), sizeBytes: sealedBytes }]),
    ];
    for (const { key, sizeBytes } of wanted) {
      const found = await site.stat(pool, key);
      if (found === undefined) throw placeError('OBJECT_MISSING', `${key} is not at ${siteName}`);
      if (found.sizeBytes !== sizeBytes) throw damaged(id, siteName);
    }
  }

  /** From whichever site has one that opens and is this object's; what each lacks, another may have. */
  async function goodEnvelope(object: StoredObject): Promise<Buffer> {
    const { id, pool } = object;
    let failure: unknown;
    for (const from of sites.all) {
      try {
        const envelope = await readAll(from, pool, envelopeKey(id));
        const ref = await keyRoom.checkEnvelope(envelope);
        if (ref.objectId !== id || ref.recordId !== object.recordId) throw damaged(id, from.name);
        return envelope;
      } catch (error) {
        failure = error;
      }
    }
    throw failure ?? placeError('OBJECT_MISSING', `no site has the envelope of ${id}`);
  }

  async function copy(object: StoredObject, siteName: string): Promise<void> {
    const target = sites.named(siteName);
    const { id, pool, sealedBytes: expectedBytes } = object;
    await target.put(pool, envelopeKey(id), [await goodEnvelope(object)]);
    const whole = await verify(object, siteName).then(
      () => true,
      () => false,
    );
    if (whole) return;
    let failure: unknown;
    for (const from of sites.all) {
      if (from.name === siteName) continue;
      try {
        const source = matching(from.get(pool, objectKey(id)), object, from.name);
        await target.put(pool, objectKey(id), source, { expectedBytes });
        return await verify(object, siteName);
      } catch (error) {
        failure = error;
      }
    }
    throw failure ?? placeError('OBJECT_MISSING', `no site has object ${id}`);
  }

  const evict = ({ id, pool }: StoredObject, siteName: string) =>
    sites.named(siteName).delete(pool, objectKey(id));

  async function remove(object: StoredObject, siteName: string): Promise<void> {
    await evict(object, siteName);
    await sites.named(siteName).delete(object.pool, envelopeKey(object.id));
  }

  const away = { evict, remove, discard, destroy, destroyAt };
  return { write, open, openFor, verify, look, copy, lock, ...away };
}
