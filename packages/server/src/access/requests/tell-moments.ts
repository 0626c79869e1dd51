import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';

/** How long before its end people are told that a grant ends. */
const AHEAD_MS = 10 * 60_000;

/**
 * Tells holders that a grant ends soon or has ended, and that a mandate has begun or ended; each once,
 * however many processes ask. To be run every half minute or so.
 */
export async function tellMoments(deps: {
  db: Db;
  clock: Clock;
  notices: Notices;
}): Promise<number> {
  const { db, notices } = deps;
  const now = deps.clock.now();
  const soon = new Date(now.getTime() + AHEAD_MS);
  return db.transaction().execute(async (tx) => {
    // Many rows at once, so none that somebody else holds: who ends several waits for them in turn, and
    // two that wait for each other would fail. Those are told of at the next round.
    const approved = tx
      .selectFrom('access_request')
      .select('id')
      .where('state', '=', 'approved')
      .forUpdate()
      .skipLocked();
    const begun = await tx
      .updateTable('access_request')
      .set({ told_begun_at: now })
      .where(
        'id',
        'in',
        approved
          .where('ends_at', '>', now)
          .where('kind', '=', 'mandate')
          .where('told_begun_at', 'is', null)
          .where('live_since', '<=', now),
      )
      .returning(['id', 'holder_id'])
      .execute();
    const ending = await tx
      .updateTable('access_request')
      .set({ told_ending_at: now })
      .where(
        'id',
        'in',
        approved
          .where('ends_at', '>', now)
          .where('kind', '!=', 'mandate')
          .where('told_ending_at', 'is', null)
          .where('ends_at', '<=', soon),
      )
      .returning(['id', 'holder_id'])
      .execute();
    const ended = await tx
      .updateTable('access_request')
      .set({ told_ended_at: now })
      .where('id', 'in', approved.where('told_ended_at', 'is', null).where('ends_at', '<=', now))
      .returning(['id', 'holder_id', 'kind'])
      .execute();
    const told = [
      ...begun.map((row) => ({ ...row, notice: 'mandate.begins' as const })),
      ...ending.map((row) => ({ ...row, notice: 'grant.ending' as const })),
      ...ended.map((row) => ({
        ...row,
        notice: row.kind === 'mandate' ? ('mandate.ended' as const) : ('grant.ended' as const),
      })),
    ];
    for (const { id, holder_id: holder, notice } of told) {
      const about = { kind: notice, severity: 'info' as const, resource: id };
      await notices.tell(tx, { to: { actorIds: [holder] }, ...about });
    }
    return told.length;
  });
}
