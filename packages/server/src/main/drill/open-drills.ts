import type { DrillsPort } from '../../serve/ports.ts';
import type { Config } from '../config.ts';
import type { PlacementInForce } from '../placement-in-force.ts';
import type { SiteEntry } from '../sites-file.ts';
import { createDrills } from './drills-view.ts';
import { nextDrill } from './next-drill.ts';
import { runDrillProgram } from './run-program.ts';
import { startDrills } from './start-drills.ts';

type Started = Parameters<typeof startDrills>[0];

/** Rehearsed recoveries of this archive: their schedule, and what operators see of them. */
export function openDrills(
  config: Config,
  parts: Pick<Started, 'db' | 'pool' | 'clock' | 'audit' | 'log'> & {
    archiveId: string;
    keyFolder: string;
    placement: Pick<PlacementInForce, 'policy'>;
    entries: readonly Pick<SiteEntry, 'name'>[];
    closers: { add(close: () => Promise<unknown>): void };
  },
): DrillsPort {
  const { archiveId, keyFolder, placement, entries, closers, ...deps } = parts;
  const { drillDays, drillLimitMinutes: limitMinutes, timeZone } = config;
  const sites = entries.map(({ name }) => name);
  const next = () =>
    nextDrill(deps.db, { drillDays, timeZone, sites, policy: () => placement.policy() });
  const order = { config, archiveId, keyFolder };
  const drills = startDrills({ ...deps, sites, order, next, run: runDrillProgram });
  closers.add(() => drills.stop());
  return createDrills({ ...deps, drills, limitMinutes, next });
}
