import type { Clock } from '../core/clock.ts';
import { hasCode } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { ObjectPurpose, Pass } from '../record/vault.ts';
import type { Pool } from '../record/vocabulary.ts';
import { decodeEnvelope, encodeEnvelope } from './envelope.ts';
import { keysError } from './keys-error.ts';
import type { EnvelopeStore, KeyRef, KeyRoom, KeyStore } from './ports.ts';
import { isReleasedToRole } from './release.ts';
import type { Warrants } from './warrants/index.ts';

const KEPT_MS = 5 * 60_000;
const MOST_KEPT = 20_000;
const SWEEP_MS = 30_000;

interface Kept {
  key: Buffer;
  recordId: RecordId;
  pool: Pool;
  purpose: ObjectPurpose;
  until: number;
}

/** The key room of one process over its keystore and the sites' envelopes. */
export function createKeyRoom(options: {
  store: KeyStore;
  envelopes: EnvelopeStore;
  clock: Clock;
  random: Random;
  /** Without them no pass by warrant is good. */
  warrants?: Warrants;
  mostKept?: number;
}): KeyRoom {
  const { store, envelopes, clock, random, warrants, mostKept = MOST_KEPT } = options;
  /** Counts drops: a key that was on its way during one is handed out but not kept. */
  let drops = 0;
  /** In the order of last use: the first one goes first. */
  const kept = new Map<string, Kept>();

  function keep(
    ref: Pick<KeyRef, 'objectId' | 'recordId' | 'pool' | 'purpose'>,
    key: Buffer,
  ): void {
    const { objectId, recordId, pool, purpose } = ref;
    forget(objectId);
    const until = clock.now().getTime() + KEPT_MS;
    kept.set(objectId, { key: Buffer.from(key), recordId, pool, purpose, until });
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

  /** The caller's own copy of the key, and what its envelope says it is for. */
  async function opened(
    ref: Pick<KeyRef, 'recordId' | 'objectId' | 'pool'>,
  ): Promise<{ key: Buffer; purpose: ObjectPurpose }> {
    const entry = kept.get(ref.objectId);
    if (entry !== undefined && entry.until >= clock.now().getTime()) {
      const same = entry.recordId === ref.recordId && entry.pool === ref.pool;
      if (!same) throw foreign(ref.objectId);
      kept.delete(ref.objectId);
      kept.set(ref.objectId, entry);
      return { key: Buffer.from(entry.key), purpose: entry.purpose };
    }
    const dropsBefore = drops;
    let failure: unknown;
    for await (const bytes of envelopes.read(ref.pool, ref.objectId)) {
      try {
        const found = await decodeEnvelope(store, bytes);
        const same =
          found.ref.objectId === ref.objectId &&
          found.ref.recordId === ref.recordId &&
          found.ref.pool === ref.pool;
        if (!same) throw foreign(ref.objectId);
        if (drops === dropsBefore) keep(found.ref, found.key);
        return { key: found.key, purpose: found.ref.purpose };
      } catch (error) {
        // Another site's copy may be whole, or of an epoch that is held. That a key is gone says more.
        if (!hasCode(failure, 'KEYS_EPOCH_MISSING')) failure = error;
      }
    }
    throw failure ?? keysError('ENVELOPE_MISSING', `no envelope of object ${ref.objectId}`);
  }

  /** Before `destroy`, and once more for who opened it meanwhile. */
  async function forgotten(ref: Pick<KeyRef, 'objectId'>, destroy: () => Promise<void>) {
    drops += 1;
    forget(ref.objectId);
    await destroy();
    drops += 1;
    forget(ref.objectId);
  }

  async function isGood(
    pass: Pass,
    ref: Pick<KeyRef, 'recordId' | 'pool'>,
    purpose: ObjectPurpose,
  ): Promise<boolean> {
    const { recordId, pool } = ref;
    if (pass.by === 'role') return isReleasedToRole(pass.role, pool, purpose);
    const { by: _, ...warrant } = pass;
    const asked = { ...warrant, recordId, pool, purpose, now: clock.now() };
    return (await warrants?.opens(asked)) === true;
  }

  return {
    async createKey(ref, sites) {
      const key = random.bytes(32);
      const envelope = await encodeEnvelope(store, ref, key);
      const handedOut = Buffer.from(key);
      const dropsBefore = drops;
      const stored = envelopes
        .write(ref.pool, ref.objectId, envelope, sites)
        .then(() => {
          if (drops === dropsBefore) keep(ref, key);
        })
        .finally(() => key.fill(0));
      // The caller awaits it later; until then its failure must not count as unheard.
      stored.catch(() => undefined);
      return { key: handedOut, envelope, stored };
    },
    openKey: async (ref) => (await opened(ref)).key,
    async openKeyFor(ref, pass) {
      const { key, purpose } = await opened(ref);
      if (await isGood(pass, ref, purpose)) return key;
      key.fill(0);
      throw keysError('KEY_WITHHELD', `the pass opens no ${purpose} of record ${ref.recordId}`);
    },
    checkEnvelope: async (bytes) => {
      const { ref, key } = await decodeEnvelope(store, bytes);
      key.fill(0);
      return ref;
    },
    async renewEnvelope(bytes) {
      const { ref, key } = await decodeEnvelope(store, bytes);
      const envelope = await encodeEnvelope(store, ref, key).finally(() => key.fill(0));
      return { ref, envelope };
    },
    destroyKey: (ref) => forgotten(ref, () => envelopes.destroy(ref.pool, ref.objectId)),
    discardKey: (ref, sites) =>
      forgotten(ref, () => envelopes.discard(ref.pool, ref.objectId, sites)),
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
