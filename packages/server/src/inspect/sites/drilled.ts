import type { Queryable } from '../../core/database.ts';

/** The newest drill of a site that came to an end of its own. */
export interface NewestDrill {
  site: string;
  endedAt: Date;
  /** The code of what went wrong. */
  failed?: string;
  /** Projected recovery of the whole, where it came so far. */
  rtoWholeS?: number;
  rpoS?: number;
}

/** The newest of each site that was drilled; a drill that was broken off says nothing of its site. */
export async function newestDrills(db: Queryable): Promise<NewestDrill[]> {
  const rows = await db
    .selectFrom('drill_report')
    .selectAll()
    .distinctOn('site')
    .where('ended_at', 'is not', null)
    .where('outcome', '<>', 'broken-off')
    .orderBy('site')
    .orderBy('started_at', 'desc')
    .execute();
  return rows.map(({ site, ended_at, started_at, outcome, code, figures }) => ({
    ...{ site, endedAt: ended_at ?? started_at },
    ...(outcome === 'failed' ? { failed: code ?? 'INTERNAL' } : {}),
    ...(figures?.['rtoWholeS'] === undefined ? {} : { rtoWholeS: figures['rtoWholeS'] }),
    ...(figures?.['rpoS'] === undefined ? {} : { rpoS: figures['rpoS'] }),
  }));
}

/** When the last drill of each site ended well, however long it took. */
export async function lastGoodDrills(db: Queryable): Promise<{ site: string; at: Date }[]> {
  const rows = await db
    .selectFrom('drill_report')
    .select(({ fn }) => ['site', fn.max('ended_at').as('at')])
    .where('outcome', 'in', ['ok', 'slow'])
    .groupBy('site')
    .execute();
  return rows.flatMap(({ site, at }) => (at === null ? [] : [{ site, at }]));
}

/** The site whose turn it is: the first without a drill, or whose last one is the longest ago. */
export function drillTurn(newest: readonly NewestDrill[], sites: readonly string[]): string {
  const endedMs = (name: string) =>
    newest.find(({ site }) => site === name)?.endedAt.getTime() ?? Number.NEGATIVE_INFINITY;
  const [first, ...others] = sites;
  if (first === undefined) throw new TypeError('an archive has a site');
  return others.reduce((turn, name) => (endedMs(name) < endedMs(turn) ? name : turn), first);
}

/** What a site is judged by: its newest drill, and when any site's ended well. */
export interface Drilled {
  newest: NewestDrill | undefined;
  /** Before the first one: since when the sites are watched. */
  anyGoodAt: Date;
  isNext: boolean;
}

export async function drilledAt(
  db: Queryable,
  sites: readonly string[],
  now: Date,
): Promise<(site: string) => Drilled> {
  const newest = await newestDrills(db);
  const good = await lastGoodDrills(db);
  const watched = await db
    .selectFrom('site_sample')
    .select(({ fn }) => fn.min('at').as('at'))
    .executeTakeFirst();
  const since = watched?.at ?? now;
  const lastMs = Math.max(...good.map(({ at }) => at.getTime()));
  const next = sites.length === 0 ? undefined : drillTurn(newest, sites);
  return (site) => ({
    newest: newest.find((one) => one.site === site),
    anyGoodAt: good.length === 0 ? since : new Date(lastMs),
    isNext: site === next,
  });
}
