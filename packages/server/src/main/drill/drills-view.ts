import type { DrillsView } from '@voxkeep/contract';
import type { Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import { lastGoodDrills, newestDrills } from '../../inspect/sites/index.ts';
import type { DrillsPort } from '../../serve/ports.ts';
import { listDrills } from './drill-rows.ts';
import type { Drills } from './start-drills.ts';

/** What operators see of drills, and those that they begin. */
export function createDrills(deps: {
  db: Db;
  clock: Clock;
  audit: Audit;
  drills: Pick<Drills, 'begin' | 'running'>;
  limitMinutes: number;
  next(): Promise<{ at: Date; site: string } | undefined>;
}): DrillsPort {
  const { db, clock, audit, drills, limitMinutes } = deps;
  const view = async (): Promise<DrillsView> => {
    const running = drills.running();
    const next = await deps.next();
    const listed = await listDrills(db);
    return {
      drills: listed.map((one) => {
        const goesOn = one.id === running?.id && one.endedAt === undefined;
        return goesOn && running.progress ? { ...one, progress: running.progress } : one;
      }),
      limitS: limitMinutes * 60,
      ...(next && {
        next: { at: next.at.toISOString(), site: next.site, kind: 'sample' as const },
      }),
      serverTime: clock.now().toISOString(),
    };
  };
  return {
    view,
    async begin({ site, kind }, actor, requestId) {
      await drills.begin(site, kind, actor.id);
      await db.transaction().execute((tx) =>
        audit.append(tx, {
          ...{ actor, action: 'archive.drill', resource: site, outcome: 'ok', requestId },
          detail: { kind, begun: true },
        }),
      );
      return view();
    },
    async latest() {
      const good = await lastGoodDrills(db);
      return (await newestDrills(db)).map(({ site, rtoWholeS, rpoS }) => {
        const lastGoodAt = good.find((one) => one.site === site)?.at;
        return {
          site,
          ...(rtoWholeS === undefined ? {} : { rtoWholeS }),
          ...(rpoS === undefined ? {} : { rpoS }),
          ...(lastGoodAt === undefined ? {} : { lastGoodAt }),
        };
      });
    },
  };
}
