import type { Tx } from '../../core/database.ts';
import { dayOf, formatDay } from '../../core/zone.ts';
import type { RecordRow } from '../record-row.ts';

const MINUTE_S = 60;
const upTo = (seconds: number) => {
  if (seconds < MINUTE_S) return 'm1';
  if (seconds < 5 * MINUTE_S) return 'm5';
  return seconds < 15 * MINUTE_S ? 'm15' : 'longer';
};

/**
 * Adds the call to the count of its kind, in the caller's transaction: all that is kept of it says neither
 * whose it was nor which. A call that is in no index is not counted.
 */
export async function countCall(tx: Tx, row: RecordRow, timeZone: string): Promise<void> {
  const call = await tx
    .selectFrom('call')
    .select(['tier', 'issue_type', 'channel', 'direction', 'duration_s'])
    .where('id', '=', row.id)
    .where('started_at', '=', row.startedAt)
    .executeTakeFirst();
  if (call === undefined) return;
  const { duration_s: seconds, ...kind } = call;
  const month = formatDay({ ...dayOf(timeZone, row.startedAt), day: 1 });
  await tx
    .insertInto('disposed_call_count')
    .values({ ...kind, month, duration: upTo(seconds), calls: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['month', 'tier', 'issue_type', 'channel', 'direction', 'duration'])
        .doUpdateSet(({ eb }) => ({ calls: eb('disposed_call_count.calls', '+', '1') })),
    )
    .execute();
}
