import type { Db } from '../core/database.ts';
import { ArchiveError, hasCode } from '../core/errors.ts';
import type { JournalStore } from './ports.ts';

const BATCH = 100;

/**
 * Brings a site what it did not take when it was written, oldest first, from any site that has it;
 * ends at the first that fails. What is nowhere any more is no longer needed. Resolves to how many it
 * brought.
 */
export async function fillGaps(db: Db, stores: readonly JournalStore[]): Promise<number> {
  let filled = 0;
  for (const target of stores) {
    const gaps = await db
      .selectFrom('journal_gap')
      .selectAll()
      .where('site', '=', target.name)
      .orderBy('since')
      .limit(BATCH)
      .execute();
    for (const { site, key } of gaps) {
      if (!(await bring(target, key, stores))) break;
      await db.deleteFrom('journal_gap').where('site', '=', site).where('key', '=', key).execute();
      filled += 1;
    }
  }
  return filled;
}

/** Sealed for its name: what another site has either opens later or is told then. */
async function bring(
  target: JournalStore,
  key: string,
  stores: readonly JournalStore[],
): Promise<boolean> {
  let silent = false;
  for (const source of stores) {
    if (source === target) continue;
    try {
      await target.put(key, source.get(key));
      return true;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      silent ||= !hasCode(error, 'OBJECT_MISSING');
    }
  }
  return !silent;
}
