import type { Clock } from '../core/clock.ts';
import { hasCode } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { decodeEnvelope, encodeEnvelope } from './envelope.ts';
import { keysError } from './keys-error.ts';
import type { EnvelopeStore, KeyRoom, KeyStore } from './ports.ts';

const KEPT_MS = 5 * 60_000;
const MOST_KEPT = 20_000;
const SWEEP_MS = 30_000;

/** The key room of one process over its keystore and the sites' envelopes. */
export function createKeyRoom(options: {
  store: KeyStore;
  envelopes: EnvelopeStore;
  clock: Clock;
  random: Random;
  mostKept?: number;
}): KeyRoom {
  const { store, envelopes, clock, random, mostKept = MOST_KEPT } = options;
  /** Counts drops: a key that was on its way during one is handed out but not kept. */
  let drops = 0;
  /** In the order of last use: the first one goes first. */
  const kept = new Map<string, { key: Buffer; recordId: RecordId; until: number }>();

  function keep(objectId: string, recordId: RecordId, key: Buffer): void {
    forget(objectId);
    kept.set(objectId, { key: Buffer.from(key), recordId, until: clock.now().getTime() + KEPT_MS });
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) forget(oldest);
  }
  function forget(objectId: string): void {
    kept.get(objectId)?.key.fill(0);
    kept.delete(objectId);
  }
  const sweep = setInterval(() => {
    const now = clock.now().getTime();
    for (const [objectId, entry] of kept) if (entry.until < now) forget(objectId);
  }, SWEEP_MS);
  sweep.unref();

  return {
    async createKey(ref, sites) {
      const key = random.bytes(32);
      const envelope = await encodeEnvelope(store, ref, key);
      const handedOut = Buffer.from(key);
      const dropsBefore = drops;
      const stored = envelopes
        .write(ref.pool, ref.objectId, envelope, sites)
        .then(() => {
          if (drops === dropsBefore) keep(ref.objectId, ref.recordId, key);
        })
        .finally(() => key.fill(0));
      // The caller awaits it later; until then its failure must not count as unheard.
      stored.catch(() => undefined);
      return { key: handedOut, envelope, stored };
    },
    async openKey(ref) {
      const entry = kept.get(ref.objectId);
      if (entry !== undefined && entry.until >= clock.now().getTime()) {
        if (entry.recordId !== ref.recordId) throw foreign(ref.objectId);
        kept.delete(ref.objectId);
        kept.set(ref.objectId, entry);
        return Buffer.from(entry.key);
      }
      const dropsBefore = drops;
      let failure: unknown;
      for await (const bytes of envelopes.read(ref.pool, ref.objectId)) {
        try {
          const opened = await decodeEnvelope(store, bytes);
          const same =
            opened.ref.objectId === ref.objectId &&
            opened.ref.recordId === ref.recordId &&
            opened.ref.pool === ref.pool;
          if (!same) throw foreign(ref.objectId);
          if (drops === dropsBefore) keep(ref.objectId, ref.recordId, opened.key);
          return opened.key;
        } catch (error) {
          // Another site's copy may be whole.
          failure = error;
          if (hasCode(error, 'KEYS_EPOCH_MISSING')) break;
        }
      }
      throw failure ?? keysError('ENVELOPE_MISSING', `no envelope of object ${ref.objectId}`);
    },
    checkEnvelope: async (bytes) => {
      const { ref, key } = await decodeEnvelope(store, bytes);
      key.fill(0);
      return ref;
    },
    async destroyKey(ref) {
      drops += 1;
      forget(ref.objectId);
      await envelopes.destroy(ref.pool, ref.objectId);
      drops += 1;
      forget(ref.objectId);
    },
    drop(recordId) {
      drops += 1;
      for (const [objectId, entry] of kept) if (entry.recordId === recordId) forget(objectId);
    },
    dropAll() {
      drops += 1;
      for (const objectId of [...kept.keys()]) forget(objectId);
    },
    close() {
      clearInterval(sweep);
      for (const objectId of [...kept.keys()]) forget(objectId);
    },
  };
}

const foreign = (objectId: string) =>
  keysError('ENVELOPE_DAMAGED', `the envelope of object ${objectId} is another object's`);
