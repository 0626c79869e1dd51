import { Gauge, type Registry } from 'prom-client';
import type { LatestDrill } from '../ports.ts';

/** What Prometheus is told of each site's newest drill; `set` before each answer. */
export function drillGauges(registry: Registry): (drills: readonly LatestDrill[]) => void {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['site'], registers: [registry] });
  const rto = gauge(
    'voxkeep_drill_rto_whole_seconds',
    'What a recovery of the whole would take from there, by its newest drill',
  );
  const rpo = gauge(
    'voxkeep_drill_rpo_seconds',
    'For how long the oldest change that was not there had been waiting, in its newest drill',
  );
  const good = gauge(
    'voxkeep_drill_last_ok_timestamp_seconds',
    'When a drill from there ended well last',
  );
  return (drills) => {
    for (const one of [rto, rpo, good]) one.reset();
    for (const { site, rtoWholeS, rpoS, lastGoodAt } of drills) {
      if (rtoWholeS !== undefined) rto.set({ site }, rtoWholeS);
      if (rpoS !== undefined) rpo.set({ site }, rpoS);
      if (lastGoodAt !== undefined) good.set({ site }, lastGoodAt.getTime() / 1000);
    }
  };
}
