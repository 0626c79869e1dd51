import { sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';
import { type PlacementPolicy } from '../../place/index.ts';
import { POOLS, type Pool } from '../../record/vocabulary.ts';
import { ageLimits, EVICTABLE } from './cold-rule.ts';
import { wantedOf } from './wanted-copies.ts';

/** What would move: copies to make, copies that nobody wants any more, and what may give way in time. */
export interface PlanLine {
  pool: Pool;
  site: string;
  change: 'copy' | 'remove' | 'evict';
  objects: number;
  bytes: number;
  /** Of those, how many their site keeps until a day. */
  locked: number;
}

/** What the policy wants to be otherwise than it is. Reads every row of copies once. */
export async function planPlacement(
  db: Queryable,
  policy: PlacementPolicy,
  at: { now: Date; timeZone: string },
): Promise<PlanLine[]> {
  const wanted = wantedOf(policy);
  const count = sql`count(*)::float8 as objects, coalesce(sum(o.sealed_bytes), 0)::float8 as bytes`;
  const locked = sql`(count(*) filter (where c.locked_until > ${at.now}))::float8 as locked`;
  const { rows } = await sql<PlanLine>`
    select o.pool, w.site, 'copy' as change, ${count}, 0::float8 as locked
    from sealed_object o join ${wanted.relation} on w.pool = o.pool
    where o.destroyed_at is null and ${wanted.missing}
    group by o.pool, w.site
    union all
    select o.pool, c.site, 'remove', ${count}, ${locked}
    from object_copy c join sealed_object o on o.id = c.object_id
    where o.destroyed_at is null and not ${wanted.at(sql<string>`c.site`)}
    group by o.pool, c.site
    union all
    ${coldLines(policy, at, sql`${count}, ${locked}`)}`.execute(db);
  const order = (line: PlanLine) => `${POOLS.indexOf(line.pool)} ${line.site} ${line.change}`;
  return rows.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** The most that may give way: who used what is not looked at. */
function coldLines(
  policy: PlacementPolicy,
  at: { now: Date; timeZone: string },
  counts: ReturnType<typeof sql>,
) {
  const rule = policy.pools.basic.eviction;
  const before = rule && ageLimits(rule, at.now, at.timeZone);
  return sql`select o.pool, c.site, 'evict', ${counts}
    from record r join sealed_object o on o.record_id = r.id join object_copy c on c.object_id = o.id
    where r.state = 'archived' and r.tier = 'basic' and o.pool = 'basic' and o.destroyed_at is null
      and o.purpose in (${sql.join([...EVICTABLE])}) and c.site = ${rule?.site ?? null}::text
      and r.started_at < ${before?.startedBefore ?? null}::timestamptz
      and r.archived_at < ${before?.unusedSince ?? null}::timestamptz
    group by o.pool, c.site`;
}
