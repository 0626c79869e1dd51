import type { SiteView } from '@voxkeep/contract';
import { Gauge, type Registry } from 'prom-client';

/** What Prometheus is told of each site; `set` before each answer. */
export function siteGauges(registry: Registry): (sites: readonly SiteView[]) => void {
  const gauge = (name: string, help: string, labels: string[] = []) =>
    new Gauge({ name, help, labelNames: ['site', ...labels], registers: [registry] });
  const pending = gauge('voxkeep_pending_copies', 'Copies still to be made, by site');
  const reachable = gauge('voxkeep_site_reachable', '1 while the site answers');
  const faults = gauge('voxkeep_copy_faults', 'Copies that are wrong and could not be mended yet');
  const behind = gauge('voxkeep_site_behind_seconds', 'For how long the oldest copy has been due');
  const lag = gauge('voxkeep_site_lag_seconds', 'From written to copied there', ['quantile']);
  const free = gauge('voxkeep_site_free_bytes', 'Room at the site, where it knows');
  return (sites) => {
    for (const site of sites) {
      const at = { site: site.name };
      pending.set(at, site.pendingCopies);
      reachable.set(at, site.reachable ? 1 : 0);
      faults.set(at, site.faults);
      behind.set(at, site.behindS);
      if (site.freeBytes !== undefined) free.set(at, site.freeBytes);
      if (site.lagMs === undefined) continue;
      lag.set({ ...at, quantile: '0.5' }, site.lagMs.p50 / 1000);
      lag.set({ ...at, quantile: '0.99' }, site.lagMs.p99 / 1000);
    }
  };
}
