import { SiteAlarmCode, type SiteView } from '@voxkeep/contract';
import { Gauge, type Registry } from 'prom-client';

/** What Prometheus is told of each site; `set` before each answer. */
export function siteGauges(registry: Registry): (sites: readonly SiteView[]) => void {
  const gauge = (name: string, help: string, labels: string[] = []) =>
    new Gauge({ name, help, labelNames: ['site', ...labels], registers: [registry] });
  const pending = gauge('voxkeep_pending_copies', 'Copies still to be made, by site');
  const filling = gauge(
    'voxkeep_site_copies_to_fill',
    'Of them, those of what was written before the site was filled anew',
  );
  const reachable = gauge('voxkeep_site_reachable', '1 while the site answers');
  const faults = gauge('voxkeep_copy_faults', 'Copies that are wrong and could not be mended yet');
  const behind = gauge('voxkeep_site_behind_seconds', 'For how long the oldest copy has been due');
  const lag = gauge('voxkeep_site_lag_seconds', 'From written to copied there', ['quantile']);
  const free = gauge('voxkeep_site_free_bytes', 'Room at the site, where it knows');
  const total = gauge('voxkeep_site_total_bytes', 'Room and what is taken of it, where it knows');
  const used = gauge('voxkeep_site_used_bytes', 'What our copies take, by pool', ['pool']);
  const full = gauge(
    'voxkeep_site_full_timestamp_seconds',
    'When it will be full, if that is known',
  );
  const oldest = gauge(
    'voxkeep_site_oldest_verified_timestamp_seconds',
    'When the copy was read back for which that is the longest ago',
  );
  const walked = gauge(
    'voxkeep_site_deep_walk_end_timestamp_seconds',
    'When all copies had been read back last',
  );
  const alarm = gauge('voxkeep_site_alarm', '1 while people are told of this', ['code']);
  const instants = new Map([
    [full, ({ fullAt }: SiteView) => fullAt],
    [oldest, ({ verified }: SiteView) => verified.oldestAt],
    [walked, ({ verified }: SiteView) => verified.deepEndedAt],
  ]);
  return (sites) => {
    // What is no longer known must not stand on.
    for (const one of [free, total, lag, used, ...instants.keys()]) one.reset();
    for (const site of sites) {
      const at = { site: site.name };
      pending.set(at, site.pendingCopies);
      filling.set(at, site.filling === undefined ? 0 : site.filling.of - site.filling.copies);
      reachable.set(at, site.reachable ? 1 : 0);
      faults.set(at, site.faults);
      behind.set(at, site.behindS);
      if (site.freeBytes !== undefined) free.set(at, site.freeBytes);
      if (site.totalBytes !== undefined) total.set(at, site.totalBytes);
      for (const { pool, bytes } of site.used) used.set({ ...at, pool }, bytes);
      for (const [one, of] of instants) {
        const instant = of(site);
        if (instant !== undefined) one.set(at, Date.parse(instant) / 1000);
      }
      for (const code of SiteAlarmCode.options) {
        alarm.set({ ...at, code }, site.alarms.some((one) => one.code === code) ? 1 : 0);
      }
      if (site.lagMs === undefined) continue;
      lag.set({ ...at, quantile: '0.5' }, site.lagMs.p50 / 1000);
      lag.set({ ...at, quantile: '0.99' }, site.lagMs.p99 / 1000);
    }
  };
}
