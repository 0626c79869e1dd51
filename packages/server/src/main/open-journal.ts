import type pg from 'pg';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { errorKind } from '../core/error-kind.ts';
import { systemRandom } from '../core/random.ts';
import {
  type JournalStore,
  journalSeal,
  scrubJournal,
  startJournal,
  startSnapshots,
} from '../journal/index.ts';
import type { KeyStore } from '../keys/index.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { SiteSet, SiteStore } from '../place/index.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { copyRows } from '../platform/postgres/copy-rows.ts';
import type { Closers } from './closers.ts';
import type { Config } from './config.ts';

/** A site's journal in the site's own area for it. */
export const siteJournal = (site: SiteStore): JournalStore => ({
  name: site.name,
  put: async (key, source) => void (await site.put('journal', key, source)),
  get: (key) => site.get('journal', key),
  list: (prefix) => site.list('journal', prefix),
  delete: (key) => site.delete('journal', key),
});

/**
 * Keeps at the sites what a rebuilt catalog needs: changes within seconds, the whole once a day. Gives the
 * walk over what a site has of it.
 */
export function openJournal(
  config: Config,
  parts: {
    archiveId: string;
    keys: KeyStore;
    sites: SiteSet;
    db: Db;
    pool: pg.Pool;
    schema: number;
    clock: Clock;
    audit: Audit;
    log: EventLog;
    closers: Closers;
  },
): PipelineDeps['scrubJournal'] {
  const { archiveId, keys, sites, log, closers, ...more } = parts;
  const onError = (error: unknown) => log.warn('journal', { kind: errorKind(error) });
  const shared = {
    ...{ ...more, random: systemRandom, rows: copyRows, onError },
    stores: sites.all.map(siteJournal),
    seal: journalSeal(keys.secret('journal'), archiveId),
  };
  const journal = startJournal({ ...shared, everyMs: config.journalSeconds * 1000 });
  closers.add(() => journal.stop());
  const snapshots = startSnapshots({
    ...{ ...shared, everyHours: config.snapshotHours, keep: config.snapshotsKept },
    leads: () => journal.leads(),
  });
  closers.add(() => snapshots.stop());
  return (wanted) => scrubJournal(shared, wanted);
}
