import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { ArchiveError } from '../../core/errors.ts';
import { systemRandom } from '../../core/random.ts';
import type { CatalogRebuild, Rebuilt } from '../../journal/index.ts';
import { archiveOfKeys, openKeyFolder } from '../../keys/index.ts';
import { beginAnew, resumeJobs, unavailableRecords } from '../../pipeline/resume-after-recovery.ts';
import { jobQueue } from '../../platform/queue/job-queue.ts';
import { FORMAT, makeAndLock, writeWhole } from '../archive-folder.ts';
import { Closers } from '../closers.ts';
import type { Config } from '../config.ts';
import { openSite, readSites } from '../open-sites.ts';
import { claimOtherSites, type SiteClaim } from './claim-other-sites.ts';
import { keysFromShares } from './keys-from-shares.ts';
import { openScratch } from './open-scratch.ts';
import { isBehind, type KnownSegment, type RecoveryStep, rebuildFrom } from './rebuild-from.ts';

export interface RecoveryReport {
  archiveId: string;
  from: string;
  startedAt: Date;
  endedAt: Date;
  snapshotAt: Date;
  rows: number;
  changes: number;
  records: number;
  ledgerEntries: number;
  /** Of them, those that come back behind, while the archive serves; each is proven then. */
  ledgerToCome: number;
  /** How far the journal reaches; the rows of later changes are not there. */
  journalTo: Date;
  gaps: number[];
  /** The ledger knows a newer segment than the site has. */
  journalBehind: boolean;
  sites: SiteClaim[];
  resumed: number;
  /** Records with objects that no site has, by reason. */
  unavailable: Record<string, number>;
  /** Records that the newest entries of the ledger know and the catalog does not. */
  unknownRecords: number;
  unavailableFile: string;
}

/**
 * Makes an archive in an empty data folder from what one site has: the ledger's signed tree checked, the
 * catalog's snapshot and what came after it, the ledger's newest entries, and then the other sites. Broken off, it is begun again and goes on
 * where it was. With `standBy` it follows the site until that resolves. Rejects with DATA_NOT_EMPTY,
 * SITE_UNKNOWN, JOURNAL_MISSING, JOURNAL_DAMAGED, PLACEMENT_INVALID, the codes of a ledger, keys and sites.
 */
export async function recoverArchive(
  config: Config,
  options: {
    from: string;
    /** Files of officers' shares: the key folder is made of them and the site's escrow bundle. */
    shares?: readonly string[];
    standBy?: Promise<void>;
    onStep(step: RecoveryStep): void;
  },
): Promise<RecoveryReport> {
  const closers = new Closers();
  try {
    return await recover(config, options, closers);
  } finally {
    await closers.closeAll();
  }
}

type Options = Parameters<typeof recoverArchive>[1];

async function recover(
  config: Config,
  options: Options,
  closers: Closers,
): Promise<RecoveryReport> {
  const clock = systemClock;
  const startedAt = clock.now();
  const { from, onStep } = options;
  const entries = await readSites(config);
  const entry = entries.find((one) => one.name === from);
  if (entry === undefined) throw new ArchiveError('SITE_UNKNOWN', `no site ${from} is configured`);
  if (options.shares !== undefined) await keysFromShares(entry, options.shares, keysAt(config));
  const { keyFolder, archiveId } = await keysFor(config);
  const run = join(config.data, 'run');
  closers.add(await makeAndLock(run, config.data));
  const goesOn = await beginOrGoOn(config.data, `${archiveId} ${from}`);
  onStep({ kind: 'phase', phase: 'keys' });
  const keys = await openKeyFolder({ folder: keyFolder, archiveId, clock, random: systemRandom });
  const opened = { archiveId, clock, random: systemRandom };
  const source = await openSite(entry, { ...opened, create: false, looking: true });
  const { db, pool, flush } = await openScratch(config, { keys, closers, goesOn }).catch(
    async (error: unknown) => {
      // What was refused has not begun.
      if (!goesOn) await rm(join(run, 'recovering'), { force: true });
      throw error;
    },
  );

  const { standBy } = options;
  const claim = () => claimOtherSites(entries, from, opened);
  // Who follows for months looks at the end.
  const claimed = standBy === undefined ? await claim() : undefined;
  const { rebuild, rebuilt, ledger, newestSegment } = await rebuildFrom(source, {
    ...{ db, pool, clock, keys, onStep, newestEntries: config.recoverEntries },
    ...(claimed && { begunAnew: freshOf(claimed) }),
    ...(standBy && { meanwhile: (loaded) => follow(loaded, standBy, onStep) }),
  });

  onStep({ kind: 'phase', phase: 'sites' });
  const sites = claimed ?? (await claim());
  const fresh = freshOf(sites);
  const left = sites.filter(({ state }) => state !== 'new').map(({ name }) => name);
  const folder = join(config.data, 'recovery');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stamp = startedAt.toISOString().replaceAll(/[:.]/g, '-');
  const unavailableFile = join(folder, `unavailable-${stamp}.jsonl`);
  const unavailable = await writeUnavailable(
    unavailableFile,
    unavailableRecords(db, fresh, [from, ...left]),
  );
  await beginAnew(db, fresh);
  const resumed = await resumeJobs({ db, queue: jobQueue });
  await rebuild.takeOver({ begunAnew: fresh });
  const report: RecoveryReport = {
    ...{
      archiveId,
      from,
      startedAt,
      endedAt: clock.now(),
      ...{ ledgerEntries: ledger.size, ledgerToCome: ledger.from },
      sites,
      resumed,
    },
    ...summary(rebuilt, newestSegment),
    ...(await countRecords(pool)),
    ...{ unavailable, unavailableFile },
  };
  await writeWhole(join(folder, `report-${stamp}.json`), `${JSON.stringify(report, null, 2)}\n`);
  await flush();
  const about = { format: FORMAT, archiveId, createdAt: startedAt };
  await writeWhole(join(run, 'rebuilt.json'), `${JSON.stringify(report)}\n`);
  await writeWhole(join(config.data, 'archive.json'), `${JSON.stringify(about)}\n`);
  await rm(join(run, 'recovering'), { force: true });
  onStep({ kind: 'phase', phase: 'done' });
  return report;
}

const freshOf = (sites: readonly SiteClaim[]): string[] =>
  sites.filter(({ state }) => state === 'new').map(({ name }) => name);

function keysAt({ keys }: Config): string {
  if (keys !== undefined) return keys;
  throw new ArchiveError('KEYS_MISSING', 'recover needs --keys: the folder of the keys');
}

async function keysFor(config: Config): Promise<{ keyFolder: string; archiveId: string }> {
  const keyFolder = keysAt(config);
  return { keyFolder, archiveId: await archiveOfKeys(keyFolder) };
}

/**
 * A recovery goes on in its own folder only, and an archive is never written over. Resolves to whether
 * one was begun here before.
 */
async function beginOrGoOn(data: string, what: string): Promise<boolean> {
  const marker = join(data, 'run/recovering');
  if (existsSync(join(data, 'archive.json'))) {
    throw new ArchiveError('DATA_NOT_EMPTY', `there is an archive in ${data} already`);
  }
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
  const line = `${what} ${boot}\n`;
  const before = await readFile(marker, 'utf8').catch(() => undefined);
  if (before === line) return true;
  if (before === undefined && existsSync(join(data, 'pg'))) {
    throw new ArchiveError('DATA_NOT_EMPTY', `there is a catalog in ${data} already`);
  }
  // Of another site, or from before the machine went down: rows were not flushed, so from the beginning.
  await rm(join(data, 'pg'), { recursive: true, force: true });
  await writeWhole(marker, line);
  return false;
}

async function follow(
  rebuild: CatalogRebuild,
  promoted: Promise<void>,
  onStep: Options['onStep'],
): Promise<void> {
  let over = false;
  const end = promoted.then(() => {
    over = true;
  });
  onStep({ kind: 'phase', phase: 'waiting' });
  while (!over) {
    await rebuild.follow();
    await Promise.race([end, new Promise((done) => setTimeout(done, 2000))]);
  }
}

function summary(rebuilt: Rebuilt, known: KnownSegment | undefined) {
  const { snapshot, rows, changes, gaps, newest } = rebuilt;
  return {
    ...{ snapshotAt: snapshot.startedAt, rows, changes, gaps },
    journalTo: newest?.writtenAt ?? snapshot.startedAt,
    journalBehind: known !== undefined && isBehind(rebuilt, known),
  };
}

async function countRecords(pool: Awaited<ReturnType<typeof openScratch>>['pool']) {
  const { rows } = await pool.query(
    `select (select count(*)::int from record) as records,
       (select count(distinct l.resource)::int from ledger_entry l
        where l.action = 'record.intake' and l.outcome = 'ok' and not exists (
          select from record r where r.id::text = l.resource)) as unknown`,
  );
  const { records, unknown } = rows[0] as { records: number; unknown: number };
  return { records, unknownRecords: unknown };
}

async function writeUnavailable(
  file: string,
  records: ReturnType<typeof unavailableRecords>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const handle = await open(file, 'w', 0o600);
  try {
    for await (const record of records) {
      counts[record.reason] = (counts[record.reason] ?? 0) + 1;
      await handle.write(`${JSON.stringify(record)}\n`);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return counts;
}
