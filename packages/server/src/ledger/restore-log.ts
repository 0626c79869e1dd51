import { type NoteSigner, noteSigner, readCheckpoint, readLog } from '@voxkeep/proof';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { admitStore } from './admit-store.ts';
import { decodeEntry, type LedgerEntry } from './entry.ts';
import { ledgerError } from './ledger-error.ts';
import type { LedgerStore } from './ports.ts';
import { loadTree } from './sequence-batch.ts';

/**
 * Reads a site's whole log and proves that it is the signed one; `see` is told of each entry before
 * that is certain. Resolves to its size; 0 where there is no log. Rejects with the codes of a log.
 */
export async function verifyLog(
  store: LedgerStore,
  log: { origin: string; signingKey: Uint8Array },
  see: (entry: LedgerEntry, size: number) => void,
): Promise<number> {
  const { vkey } = signerOf(log);
  const files = (path: string) => store.get(path);
  const checkpoint = await readCheckpoint(files, vkey);
  if (checkpoint === undefined) return 0;
  for await (const { entry } of readLog(files, checkpoint)) {
    see(decodeEntry(entry), checkpoint.size);
  }
  return checkpoint.size;
}

/**
 * Takes a site's log into an empty catalog, proven. Rejects with LEDGER_DAMAGED where there is none, and
 * as `admitStore` does.
 */
export async function restoreLog(
  deps: { db: Db; clock: Clock },
  store: LedgerStore,
  log: { origin: string; signingKey: Uint8Array },
): Promise<number> {
  const signer = signerOf(log);
  const { size } = await admitStore(
    ...([deps.db, signer, await loadTree(deps.db, signer, deps.clock), store] as const),
  );
  if (size === 0) throw ledgerError('LEDGER_DAMAGED', `site ${store.name} has no log`);
  return size;
}

const signerOf = ({ origin, signingKey }: { origin: string; signingKey: Uint8Array }): NoteSigner =>
  noteSigner(origin, signingKey);
