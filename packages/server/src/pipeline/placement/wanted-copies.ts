import { type RawBuilder, sql } from 'kysely';
import { type PlacementPolicy, wantedCopies } from '../../place/index.ts';

/** The policy as conditions over rows `o` of objects. */
export interface Wanted {
  /** A relation `w (pool, site)`. */
  relation: RawBuilder<unknown>;
  /** Whether what `site` holds of `o` is wanted; the other: wanted before the next daily hour. */
  at(site: RawBuilder<string>): RawBuilder<boolean>;
  soonAt(site: RawBuilder<string>): RawBuilder<boolean>;
  /**
   * Whether `o` has no copy at `w.site` and none is on its way; one that gave way to the rule of
   * eviction is rightly not there.
   */
  missing: RawBuilder<boolean>;
}

export function wantedOf(policy: PlacementPolicy): Wanted {
  const wanted = wantedCopies(policy);
  const paired = (copies: typeof wanted) =>
    copies.map(({ pool, site }) => sql`(${pool}::text, ${site}::text)`);
  const pairs = paired(wanted);
  const soon = paired(wanted.filter(({ mayWait }) => !mayWait));
  const relation = sql`(values ${sql.join(pairs)}) as w (pool, site)`;
  const evictsAt = policy.pools.basic.eviction?.site ?? null;
  const none = (table: string, also = sql``) => sql<boolean>`not exists (select from
    ${sql.table(table)} t where t.object_id = o.id and t.site = w.site ${also})`;
  return {
    relation,
    soonAt: (site) => sql<boolean>`(o.pool, ${site}) in (${sql.join(soon)})`,
    at: (site) => sql<boolean>`(o.pool, ${site}) in (${sql.join(pairs)})`,
    missing: sql<boolean>`${none('object_copy')} and ${none('pending_copy')} and
      ${none('evicted_copy', sql`and t.site = ${evictsAt}::text`)}`,
  };
}
