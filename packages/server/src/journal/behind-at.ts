import { sql } from 'kysely';
import type { Queryable } from '../core/database.ts';

/** What a site's journal must have by now, and for how long it has lacked some of that. */
export interface BehindAt {
  timeline: number;
  /** Segments below it were written, to this site unless it lacks some. */
  nextSegment: number;
  /** It is known to lack some. */
  lacksSegments: boolean;
  /** For how long the oldest change that the site does not have has been waiting, in seconds; 0: it has all. */
  behindS: number;
}

/**
 * As the catalog knows it. A segment that the site did not take has waited since it was written, and its
 * oldest change `everyMs` before that at most.
 */
export async function behindAt(
  db: Queryable,
  site: string,
  { now, everyMs }: { now: Date; everyMs: number },
): Promise<BehindAt> {
  const state = await db.selectFrom('journal_state').selectAll().executeTakeFirstOrThrow();
  const gap = await db
    .selectFrom('journal_gap')
    .select(({ fn }) => fn.min('since').as('since'))
    .where('site', '=', site)
    .where('key', 'like', '%/segments/%')
    .executeTakeFirst();
  // By one clock, the database's: that of whoever made the changes is another.
  const { rows } = await sql<{ s: number | null }>`
    select extract(epoch from clock_timestamp() - min(made_at))::float8 as s
    from journal_outbox`.execute(db);
  const gapS = gap?.since == null ? 0 : (now.getTime() - gap.since.getTime() + everyMs) / 1000;
  return {
    ...{ timeline: state.timeline, nextSegment: Number(state.next_segment) },
    lacksSegments: gap?.since != null,
    behindS: Math.max(0, gapS, rows[0]?.s ?? 0),
  };
}
