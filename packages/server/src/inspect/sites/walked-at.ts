import type { Queryable } from '../../core/database.ts';

/**
 * When the last walk of each kind over a site ended; before the first one, since when the site is
 * watched.
 */
export async function walkedAt(
  db: Queryable,
  site: string,
  now: Date,
): Promise<{ light: Date; deep: Date }> {
  const walks = await db
    .selectFrom('scrub_run')
    .select(({ fn }) => ['kind', fn.max('ended_at').as('at')])
    .where('site', '=', site)
    .groupBy('kind')
    .execute();
  const first = await db
    .selectFrom('site_sample')
    .select(({ fn }) => fn.min('at').as('at'))
    .where('site', '=', site)
    .executeTakeFirst();
  const of = (kind: string) => walks.find((one) => one.kind === kind)?.at ?? first?.at ?? now;
  return { light: of('light'), deep: of('deep') };
}
