import type { ScrubView, SiteHistory, SitesView, SiteView } from '@voxkeep/contract';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import {
  copyFaults,
  countFaults,
  fillingOf,
  firstAfterFilling,
  type HistoryPoint,
  lagOf,
  lastVerified,
  projectedFull,
  siteHistory,
  standingAlarms,
  usedBytes,
} from '../inspect/sites/index.ts';
import type { SiteSet, SiteStore } from '../place/index.ts';
import type { Pool } from '../record/vocabulary.ts';
import type { SitesPort } from '../serve/ports.ts';
import type { SiteEntry } from './sites-file.ts';
import type { Scrubber } from './start-scrubber.ts';

/** What operators see of the sites, and walks that they begin. */
export function createSites(deps: {
  db: Db;
  clock: Clock;
  audit: Audit;
  sites: SiteSet;
  entries: readonly Pick<SiteEntry, 'name' | 's3'>[];
  scrubber: Scrubber;
}): SitesPort {
  const { db, clock, audit, sites, entries, scrubber } = deps;
  const inBucket = (name: string) =>
    entries.some((entry) => entry.name === name && entry.s3 !== undefined);
  const view = async (): Promise<SitesView> => {
    const [uses, alarms] = [await usedBytes(db), await standingAlarms(db)];
    const seen = sites.all.map(async (store): Promise<SiteView> => {
      const used = uses.filter(({ site }) => site === store.name);
      const standing = alarms.filter(({ site }) => site === store.name);
      const copies = used.reduce((sum, one) => sum + one.copies, 0);
      const filling = await fillingOf(db, store.name, clock.now());
      return {
        ...(await siteView(db, store, clock.now())),
        kind: inBucket(store.name) ? 'bucket' : 'folder',
        copies,
        ...(filling && {
          filling: { copies, of: copies + filling.left, since: filling.since.toISOString() },
        }),
        used: used.map(({ pool, copies, bytes }) => ({ pool: pool as Pool, copies, bytes })),
        alarms: standing.map(({ code, since }) => ({ code, since: since.toISOString() })),
      };
    });
    return { sites: await Promise.all(seen), serverTime: clock.now().toISOString() };
  };
  return {
    view,
    async history(name, { from, to }) {
      const { stepS, points } = await siteHistory(db, sites.named(name).name, { from, to });
      return {
        ...{ site: name, from: from.toISOString(), to: to.toISOString(), stepS },
        points: points.map(pointOf),
      };
    },
    faults: (name) => copyFaults(db, sites.named(name).name),
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

type Counted = 'copies' | 'filling' | 'used' | 'alarms' | 'kind';

async function siteView(db: Db, store: SiteStore, now: Date): Promise<Omit<SiteView, Counted>> {
  const site = store.name;
  const first = await firstAfterFilling(db, site);
  const [health, pending, faults, lag, scrubs, full, verified] = await Promise.all([
    store.health(),
    db
      .selectFrom('pending_copy')
      .select(({ fn, eb }) => [
        fn.countAll<string>().as('n'),
        fn
          .min('due_at')
          .filterWhere(eb.or([eb('bulk', '=', false), eb('object_id', '>=', first)]))
          .as('oldest'),
      ])
      .where('site', '=', site)
      .executeTakeFirstOrThrow(),
    countFaults(db, site),
    lagOf(db, site),
    lastScrubs(db, site),
    projectedFull(db, site, now),
    lastVerified(db, site),
  ]);
  const { reachable, reason, freeBytes, totalBytes } = health;
  const { deepEndedAt, oldestAt } = verified;
  const behindMs = pending.oldest === null ? 0 : now.getTime() - pending.oldest.getTime();
  return {
    ...{ name: site, reachable, pendingCopies: Number(pending.n), faults, scrubs },
    behindS: Math.max(0, Math.round(behindMs / 1000)),
    ...(reason === undefined ? {} : { reason }),
    ...(freeBytes === undefined ? {} : { freeBytes }),
    ...(totalBytes === undefined ? {} : { totalBytes }),
    ...(lag === undefined ? {} : { lagMs: lag }),
    ...('fullAt' in full ? { fullAt: full.fullAt.toISOString() } : { fullUnknown: full.unknown }),
    verified: {
      ...(deepEndedAt === undefined ? {} : { deepEndedAt: deepEndedAt.toISOString() }),
      ...(oldestAt === undefined ? {} : { oldestAt: oldestAt.toISOString() }),
    },
  };
}

const pointOf = ({ at, lag, ...point }: HistoryPoint): SiteHistory['points'][number] => ({
  ...{ ...point, at: at.toISOString() },
  ...(lag === undefined ? {} : { lagMs: lag }),
});

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
