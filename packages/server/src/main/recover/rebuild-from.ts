import type pg from 'pg';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import {
  CatalogRebuild,
  journalSeal,
  type RebuildStep,
  type Rebuilt,
  type SnapshotHead,
} from '../../journal/index.ts';
import type { KeyStore } from '../../keys/index.ts';
import { checkLog, restoreLog, searchEntries } from '../../ledger/index.ts';
import { beginAnew, OF_A_SITE } from '../../pipeline/resume-after-recovery.ts';
import { copyRows } from '../../platform/postgres/copy-rows.ts';
import { migrate } from '../../platform/postgres/migrate.ts';
import { migrateQueue } from '../../platform/queue/job-queue.ts';
import { siteJournal } from '../open-journal.ts';
import { originOf } from '../open-ledger.ts';
import type { OpenSite } from '../open-sites.ts';

export type RecoveryStep =
  | RebuildStep
  | { kind: 'phase'; phase: 'keys' | 'catalog' | 'ledger' | 'sites' | 'done' | 'waiting' };

interface RebuildParts {
  db: Db;
  pool: pg.Pool;
  clock: Clock;
  keys: KeyStore;
  /** So many of the ledger's newest entries come at once. */
  newestEntries: number;
  /** Sites that begin anew: what the snapshot says of their copies is not loaded. */
  begunAnew?: readonly string[];
  /** As `CatalogRebuild` takes it. */
  share?(snapshot: SnapshotHead): number | Promise<number>;
  /** Once the catalog is loaded, and before it is finished. */
  meanwhile?(rebuild: CatalogRebuild): Promise<void>;
  onStep(step: RecoveryStep): void;
}

/**
 * Makes a catalog of this program's schema in an empty database, of what one site has: the ledger's signed tree
 * checked, the newest snapshot and what came after it, the ledger's newest entries. Writes nothing to the
 * site. `newestSegment` is the journal's newest that those entries name. Rejects with
 * JOURNAL_MISSING, JOURNAL_DAMAGED, SCHEMA_NEWER, the codes of a ledger and of the site.
 */
export async function rebuildFrom(source: OpenSite, parts: RebuildParts) {
  const { db, pool, clock, keys, share, onStep } = parts;
  const { archiveId } = keys;
  onStep({ kind: 'phase', phase: 'catalog' });
  const rebuild = new CatalogRebuild({
    ...{ db, pool, rows: copyRows, seal: journalSeal(keys.secret('journal'), archiveId) },
    store: siteJournal(source.store),
    migrateTo: async (schema) => void (await migrate(pool, undefined, schema)),
    beginAnew: (sites) => beginAnew(db, sites),
    only: (table) => notOf(parts.begunAnew ?? [], table),
    onProgress: onStep,
    ...(share && { share }),
  });
  const log = logOf(keys);
  await checkLog(source.ledger, log);
  await rebuild.load();
  await parts.meanwhile?.(rebuild);
  const rebuilt = await rebuild.finish();
  await migrate(pool);
  await migrateQueue(pool);

  onStep({ kind: 'phase', phase: 'ledger' });
  const ledger = await restoreLog({ db, clock }, source.ledger, log, parts.newestEntries);
  return { rebuild, rebuilt, ledger, newestSegment: await newestSegment(db) };
}

function notOf(sites: readonly string[], table: string): string | undefined {
  if (sites.length === 0 || !OF_A_SITE.some((one) => one === table)) return undefined;
  return `site not in (${sites.map((site) => `'${site.replaceAll("'", "''")}'`).join()})`;
}

/** A segment of the journal as the ledger names it. */
export interface KnownSegment {
  timeline: number;
  number: number;
}

async function newestSegment(db: Db): Promise<KnownSegment | undefined> {
  const [named] = await searchEntries(db, { action: 'journal.segment' }, { limit: 1 });
  const { timeline = 1, number } = named?.entry.detail ?? {};
  if (typeof number !== 'number' || typeof timeline !== 'number') return undefined;
  return { timeline, number };
}

/** Whether the ledger knows more of the journal than was there. */
export const isBehind = ({ timeline, nextSegment }: Rebuilt, known: KnownSegment): boolean =>
  known.timeline === timeline ? known.number >= nextSegment : known.timeline > timeline;

/** The archive's own log. */
export const logOf = (keys: KeyStore) => ({
  origin: originOf(keys.archiveId),
  signingKey: keys.secret('ledger-signing'),
});
