import { encodeBundle, entriesPath, ProvenLog, TILE_WIDTH, tilePath } from '@voxkeep/proof';
import { sql } from 'kysely';
import type { Db, Tx } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import { Alarm } from './alarm.ts';
import { entriesFrom } from './entries-back.ts';
import type { LedgerErrorCode, LedgerStore } from './ports.ts';
import { RESTORED_TO, restoredTo } from './publish-tree.ts';
import { insertEntries, insertTiles } from './sequence-batch.ts';
import { filesOf, range, readProven } from './signed-log.ts';

/** Bundles brought back at once. */
const BUNDLES = 8;
/** Sites are looked at first by those that publish: a site that begins anew is then known as one. */
const FIRST_MS = 3_000;
const RETRY_MS = 2_000;
/** Any number that no other lock of the archive has: one process at a time brings a batch. */
const BACKFILL_LOCK = 696_303;

/**
 * Brings the entries that a recovery left at the sites into the catalog, the newest first, each proven by
 * the tree that was signed, while the archive serves; sites that begin anew get them too. Goes on after
 * a stop where it was. A site that is silent or damaged is passed over for another one.
 */
export class Backfill {
  /** Entries that are still to come. */
  left = 0;
  lastError: LedgerErrorCode | undefined;
  readonly #deps: BackfillDeps;
  readonly #alarm = new Alarm();
  #stopped = false;

  constructor(deps: BackfillDeps) {
    this.#deps = deps;
  }

  /** Finds out how many are to come. */
  async look(): Promise<void> {
    this.left = await entriesFrom(this.#deps.db);
  }

  async run(): Promise<void> {
    if (this.left > 0) await this.#alarm.sleep(this.#deps.firstMs ?? FIRST_MS);
    while (!this.#stopped && this.left > 0) {
      const began = performance.now();
      try {
        this.left = await this.#batch();
        this.lastError = undefined;
        // As long as it worked it rests: others have to be served.
        await this.#alarm.sleep(performance.now() - began);
      } catch (error) {
        this.lastError = codeOf(error);
        this.#deps.onError?.(error, 'entries from the sites');
        await this.#alarm.sleep(RETRY_MS);
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#alarm.ring();
  }

  async #batch(): Promise<number> {
    let failure: unknown;
    for (const store of this.#deps.stores) {
      try {
        return await bringBatch(this.#deps.db, store, this.#deps.stores);
      } catch (error) {
        // What is wrong with what a site has says more than that another one has nothing.
        if (failure === undefined || codeOf(failure) !== 'LEDGER_DAMAGED') failure = error;
      }
    }
    throw failure;
  }
}

interface BackfillDeps {
  db: Db;
  stores: readonly LedgerStore[];
  firstMs?: number;
  onError?: ((error: unknown, where: string) => void) | undefined;
}

/** Resolves to how many entries are still to come. */
async function bringBatch(
  db: Db,
  store: LedgerStore,
  all: readonly LedgerStore[],
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${BACKFILL_LOCK})`.execute(tx);
    const to = await entriesFrom(tx);
    if (to === 0) return 0;
    const bundles = range(Math.max(0, to / TILE_WIDTH - BUNDLES), to / TILE_WIDTH);
    const from = (bundles[0] ?? 0) * TILE_WIDTH;
    const proven = new ProvenLog(filesOf(store), (level, index) => knownTile(tx, level, index));
    const entries = await readProven(store, proven, bundles);
    await insertEntries(tx, entries);
    await insertTiles(tx, proven.fresh);
    const bring = async (other: LedgerStore) => {
      if ((await restoredTo(other)) !== to) return;
      for (const bundle of bundles) {
        const first = bundle * TILE_WIDTH - from;
        const bytes = entries.slice(first, first + TILE_WIDTH).map((one) => one.bytes);
        await other.put(entriesPath(bundle), encodeBundle(bytes));
      }
      for (const { level, index, hashes } of proven.fresh) {
        await other.put(tilePath(level, index), hashes);
      }
      await other.put(RESTORED_TO, Buffer.from(`${from}\n`));
    };
    // One that does not answer gets all of it later, in one piece.
    await Promise.allSettled(all.filter((other) => other !== store).map(bring));
    // Last, since those who number entries hold this row too.
    await tx.updateTable('ledger_state').set({ entries_from: from }).execute();
    return from;
  });
}

async function knownTile(tx: Tx, level: number, index: number): Promise<Buffer | undefined> {
  const row = await tx
    .selectFrom('ledger_tile')
    .select('hashes')
    .where('level', '=', level)
    .where('index', '=', String(index))
    .executeTakeFirst();
  return row?.hashes;
}

function codeOf(error: unknown): LedgerErrorCode {
  return error instanceof ArchiveError ? (error.code as LedgerErrorCode) : 'LEDGER_UNAVAILABLE';
}
