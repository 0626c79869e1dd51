import type { ScrubView, SitesView, SiteView } from '@voxkeep/contract';
import { sql } from 'kysely';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { SiteSet, SiteStore } from '../place/index.ts';
import type { SitesPort } from '../serve/ports.ts';
import type { Scrubber } from './start-scrubber.ts';

/** Of the newest copies, so many are looked at for the lag. */
const LAG_OVER = 3000;

/** What operators see of the sites, and walks that they begin. */
export function createSites(deps: {
  db: Db;
  clock: Clock;
  audit: Audit;
  sites: SiteSet;
  scrubber: Scrubber;
}): SitesPort {
  const { db, clock, audit, sites, scrubber } = deps;
  const view = async (): Promise<SitesView> => ({
    sites: await Promise.all(sites.all.map((site) => siteView(db, site, clock.now()))),
    serverTime: clock.now().toISOString(),
  });
  return {
    view,
    async scrub(name, kind, actor, requestId) {
      scrubber.begin(name, kind);
      await db.transaction().execute((tx) =>
        audit.append(tx, {
          ...{ actor, action: 'site.scrub', resource: name, outcome: 'ok', requestId },
          detail: { kind, begun: true },
        }),
      );
      return view();
    },
  };
}

async function siteView(db: Db, store: SiteStore, now: Date): Promise<SiteView> {
  const site = store.name;
  const [health, copies, pending, faults, lag, scrubs] = await Promise.all([
    store.health(),
    count(db, 'object_copy', site),
    db
      .selectFrom('pending_copy')
      .select(({ fn }) => [fn.countAll<string>().as('n'), fn.min('due_at').as('oldest')])
      .where('site', '=', site)
      .executeTakeFirstOrThrow(),
    count(db, 'copy_fault', site),
    lagOf(db, site),
    lastScrubs(db, site),
  ]);
  const { reachable, reason, freeBytes } = health;
  const behindMs = pending.oldest === null ? 0 : now.getTime() - pending.oldest.getTime();
  return {
    ...{ name: site, reachable, copies, pendingCopies: Number(pending.n), faults, scrubs },
    behindS: Math.max(0, Math.round(behindMs / 1000)),
    ...(reason === undefined ? {} : { reason }),
    ...(freeBytes === undefined ? {} : { freeBytes }),
    ...(lag === undefined ? {} : { lagMs: lag }),
  };
}

async function count(db: Db, table: 'object_copy' | 'copy_fault', site: string): Promise<number> {
  const { n } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('site', '=', site)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Ids begin with their time: the newest copies are those of the highest ids. */
async function lagOf(db: Db, site: string): Promise<SiteView['lagMs']> {
  const { rows } = await sql<{ p50: number | null; p99: number | null; n: string }>`
    select percentile_cont(0.5) within group (order by ms) as p50,
      percentile_cont(0.99) within group (order by ms) as p99, count(*) as n
    from (select extract(epoch from c.written_at - o.created_at)::float8 * 1000 as ms
      from object_copy c join sealed_object o on o.id = c.object_id
      where c.site = ${site} and o.pool <> 'quarantine'
      order by c.object_id desc limit ${LAG_OVER}) newest`.execute(db);
  const [found] = rows;
  if (found?.p50 == null || found.p99 === null) return undefined;
  return { p50: Math.round(found.p50), p99: Math.round(found.p99), count: Number(found.n) };
}

async function lastScrubs(db: Db, site: string): Promise<ScrubView[]> {
  const rows = await db
    .selectFrom('scrub_run')
    .selectAll()
    .distinctOn('kind')
    .where('site', '=', site)
    .orderBy('kind', 'desc')
    .orderBy('started_at', 'desc')
    .execute();
  return rows.map(({ kind, started_at, ended_at, checked, faults, repaired }) => ({
    ...{ kind: kind as ScrubView['kind'], startedAt: started_at.toISOString() },
    ...(ended_at === null ? {} : { endedAt: ended_at.toISOString() }),
    ...{ checked, faults, repaired },
  }));
}
