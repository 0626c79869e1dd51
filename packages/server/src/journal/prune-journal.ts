import type { Db } from '../core/database.ts';
import { readJournalKey } from './keys-of-journal.ts';
import type { JournalStore } from './ports.ts';

/**
 * Removes what the newest `keep` snapshots do not need any more, from every site that has all it was
 * given: older snapshots, the segments before them, and earlier timelines. A site that is away keeps
 * what it has until the next time. Resolves to how many objects went.
 */
export async function pruneJournal(
  db: Db,
  stores: readonly JournalStore[],
  keep: number,
): Promise<number> {
  const kept = await db
    .selectFrom('journal_snapshot')
    .select(['id', 'from_segment', 'timeline'])
    .where('ended_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(keep)
    .execute();
  const oldest = kept.at(-1);
  if (oldest === undefined || kept.length < keep) return 0;
  const { timeline } = oldest;
  const bound = Math.min(...kept.map((one) => Number(one.from_segment)));
  const ids = new Set(kept.map((one) => one.id));
  const needless = (key: string): boolean => {
    const named = readJournalKey(key);
    if (named === undefined || named.timeline > timeline) return false;
    if (named.timeline < timeline) return true;
    return named.kind === 'segment' ? named.number < bound : !ids.has(named.id);
  };
  // Rows first: what goes at a site is missed by nobody then.
  await db.deleteFrom('journal_segment').where('number', '<', String(bound)).execute();
  await db
    .deleteFrom('journal_snapshot')
    .where('id', 'not in', [...ids])
    .where('id', '<', oldest.id)
    .execute();
  const faults = await db.selectFrom('journal_fault').select('key').execute();
  const over = faults.filter(({ key }) => needless(key)).map(({ key }) => key);
  if (over.length > 0) await db.deleteFrom('journal_fault').where('key', 'in', over).execute();
  let removed = 0;
  for (const store of stores) {
    const gap = await db
      .selectFrom('journal_gap')
      .select('key')
      .where('site', '=', store.name)
      .executeTakeFirst();
    if (gap !== undefined) continue;
    try {
      const going: string[] = [];
      for await (const { key } of store.list('')) if (needless(key)) going.push(key);
      for (const key of going) await store.delete(key);
      removed += going.length;
    } catch {
      // Away, or away in the middle of it: the next time.
    }
  }
  return removed;
}
