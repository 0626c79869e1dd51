import { readLog, TILE_WIDTH, tileWidth } from '@voxkeep/proof';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { admitStore } from './admit-store.ts';
import { entriesFrom } from './entries-back.ts';
import { ledgerError } from './ledger-error.ts';
import type { LogKey } from './log-key.ts';
import type { LedgerStore } from './ports.ts';
import {
  BATCH_ENTRIES,
  fence,
  insertEntries,
  insertTiles,
  loadTree,
  saveCheckpoint,
} from './sequence-batch.ts';
import {
  asDamage,
  filesOf,
  provenBy,
  range,
  readEdge,
  readProven,
  readSigned,
  type SignedLog,
} from './signed-log.ts';

/**
 * Whether a site has a log that this archive signed, under whichever name, whose unfinished tiles give the
 * signed root. Resolves to its size. Rejects with LEDGER_DAMAGED also where there is none, LEDGER_STORE_FOREIGN, LEDGER_UNAVAILABLE.
 */
export async function checkLog(store: LedgerStore, log: LogKey): Promise<number> {
  const { checkpoint } = await signedAt(store, log);
  await readEdge(store, checkpoint);
  return checkpoint.size;
}

/**
 * Takes the newest entries of a site's log into an empty catalog, proven by the signed root; it goes on under
 * the name that the log has there. Those below `from` come back behind, through the sequencer. May be
 * repeated. Rejects as `checkLog` does.
 */
export async function restoreLog(
  deps: { db: Db; clock: Clock },
  store: LedgerStore,
  log: LogKey,
  newest: number,
): Promise<{ size: number; from: number }> {
  const { db, clock } = deps;
  const ours = await loadTree(db, log, clock);
  if (ours.tree.size > 0) {
    // Begun before: what has come since is read back as after any loss.
    const { size } = await admitStore(db, log, ours, store);
    return { size, from: await entriesFrom(db) };
  }
  const { checkpoint, note, signer } = await signedAt(store, log);
  const { size } = checkpoint;
  const edge = await readEdge(store, checkpoint);
  const proven = provenBy(store, edge);
  const from = Math.floor(Math.max(0, size - newest) / TILE_WIDTH) * TILE_WIDTH;
  await db.transaction().execute(async (tx) => {
    await fence(tx, 0);
    let lastAt = ours.signedAt;
    const atOnce = Math.floor(BATCH_ENTRIES / TILE_WIDTH);
    const last = Math.ceil(size / TILE_WIDTH);
    for (let bundle = from / TILE_WIDTH; bundle < last; bundle += atOnce) {
      const bundles = range(bundle, Math.min(last, bundle + atOnce));
      const entries = await readProven(store, proven, bundles);
      await insertEntries(tx, entries);
      lastAt = new Date(entries.at(-1)?.entry.time ?? lastAt);
    }
    // Those that the range has at each level, though all else below them is older.
    await asDamage(store, async () => {
      for (let level = 1; TILE_WIDTH ** level <= size; level += 1) {
        const first = Math.floor(from / TILE_WIDTH ** (level + 1));
        for (let index = first; tileWidth(level, index, size) > 0; index += 1) {
          await proven.tile(level, index);
        }
      }
    });
    await insertTiles(tx, [...edge.unfinishedTiles(), ...proven.fresh]);
    await saveCheckpoint(tx, signer.name, size, note, lastAt);
    await tx.updateTable('ledger_state').set({ entries_from: from }).execute();
  });
  return { size, from };
}

/**
 * Reads every entry of a site's log and proves that they are those of the signed tree. Resolves to how many.
 * Rejects as `checkLog` does.
 */
export async function proveLog(
  store: LedgerStore,
  log: LogKey,
  onEntries?: (done: number, size: number) => void,
): Promise<number> {
  const { checkpoint } = await signedAt(store, log);
  return asDamage(store, async () => {
    let done = 0;
    for await (const _ of readLog(filesOf(store), checkpoint)) {
      done += 1;
      if (done % 10_000 === 0) onEntries?.(done, checkpoint.size);
    }
    return done;
  });
}

async function signedAt(store: LedgerStore, log: LogKey): Promise<SignedLog> {
  const signed = await readSigned(store, log);
  if (signed !== undefined) return signed;
  throw ledgerError('LEDGER_DAMAGED', `site ${store.name} has no log`);
}
