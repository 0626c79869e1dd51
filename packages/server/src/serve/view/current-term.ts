import { type RecordView, RetentionLine } from '@voxkeep/contract';
import type { Queryable } from '../../core/database.ts';

/** The term that a record has now, in the shape of the contract; undefined while it was given none. */
export async function currentTerm(
  db: Queryable,
  recordId: string,
): Promise<RecordView['retention'] | undefined> {
  const row = await db
    .selectFrom('record_term')
    .select(['keep_until', 'open_ended', 'rule', 'why'])
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const days = { keepUntil: row.keep_until, openEnded: row.open_ended, rule: row.rule };
  return RetentionLine.safeParse({ ...row.why, ...days }).data;
}
