import { mkdir, statfs } from 'node:fs/promises';
import { systemClock as clock } from '../../core/clock.ts';
import { ArchiveError } from '../../core/errors.ts';
import { systemRandom as random } from '../../core/random.ts';
import type { SnapshotHead } from '../../journal/index.ts';
import { createKeyRoom, openKeyFolder } from '../../keys/index.ts';
import { proveLog } from '../../ledger/index.ts';
import { beginAnew, resumeJobs, unavailableRecords } from '../../pipeline/resume-after-recovery.ts';
import { createVault, SiteSet, siteEnvelopes } from '../../place/index.ts';
import { jobQueue } from '../../platform/queue/job-queue.ts';
import type { Closers } from '../closers.ts';
import { type OpenSite, openSite, readSites } from '../open-sites.ts';
import { openScratch } from '../recover/open-scratch.ts';
import { logOf, rebuildFrom } from '../recover/rebuild-from.ts';
import type { DrillOrder, DrillProgress, DrillResult } from './drill-order.ts';
import { openCalls } from './open-calls.ts';
import { RebuildTimes, roomFor, sampleShare } from './times.ts';

/** Calls that are opened. */
const CALLS = { sample: 20, whole: 100 } as const;

/**
 * Does what a recovery does, from one site alone, in a scratch folder: the catalog rebuilt, the ledger's
 * newest entries, what would be missing, other sites begun anew. Then it opens calls, and for the whole verifies
 * every entry of the log. Nothing is written at a site. Times count from the start of this process. Rejects
 * with SITE_UNKNOWN, DRILL_NO_ROOM, and as a recovery does.
 */
export async function runDrill(
  order: DrillOrder,
  tools: { say(progress: DrillProgress): void; closers: Closers },
): Promise<DrillResult> {
  const { config, site, kind, scratch, archiveId, keyFolder } = order;
  const { say, closers } = tools;
  const times = new RebuildTimes(() => performance.now(), say);
  times.step({ kind: 'phase', phase: 'keys' });
  const entries = await readSites(config);
  const entry = entries.find(({ name }) => name === site);
  if (entry === undefined) throw new ArchiveError('SITE_UNKNOWN', `no site ${site} is configured`);
  const keys = await openKeyFolder({ folder: keyFolder, archiveId, clock, random });
  const opened = { archiveId, clock, random, create: false, looking: true };
  const source = lookedAt(await openSite(entry, opened));
  await mkdir(scratch, { recursive: true, mode: 0o700 });

  const { db, pool } = await openScratch(
    { ...config, data: scratch, databaseUrl: undefined },
    { keys, closers, goesOn: false },
  );
  // As if all the others were lost.
  const others = entries.map(({ name }) => name).filter((name) => name !== site);
  const { rebuild, rebuilt, ledger } = await rebuildFrom(source, {
    ...{ db, pool, clock, keys, newestEntries: config.recoverEntries, begunAnew: others },
    onStep: (step) => times.step(step),
    share: async (snapshot) => {
      const share = kind === 'whole' ? 1 : sampleShare(snapshot);
      await assertRoom(scratch, snapshot, share);
      return share;
    },
  });
  const copiesFrom = performance.now();
  for await (const _ of unavailableRecords(db, others, [site]));
  await beginAnew(db, others);
  await resumeJobs({ db, queue: jobQueue });
  await rebuild.takeOver({ begunAnew: others });
  const totalMs = performance.now();
  const wholeMs = times.project(totalMs, totalMs - copiesFrom);

  let ledgerEntries = ledger.size - ledger.from;
  if (kind === 'whole') {
    ledgerEntries = await proveLog(source.ledger, logOf(keys), (done, total) =>
      say({ phase: 'ledger', done, total }),
    );
  }
  const sites = new SiteSet([source.store]);
  const envelopes = siteEnvelopes(sites);
  const keyRoom = createKeyRoom({ store: keys, envelopes, clock, random });
  closers.add(async () => keyRoom.close());
  const vault = createVault({ sites, keyRoom, clock, random, acknowledged: () => [] });
  const calls = await openCalls({ db, vault, site }, CALLS[kind], (done, total) =>
    say({ phase: 'calls', done, total }),
  );
  const { timeline, nextSegment, gaps } = rebuilt;
  const { n: records } = await db
    .selectFrom('record')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return {
    measured: {
      ...{ ...times.rows, records: Number(records), ledgerEntries },
      ...{ rtoS: seconds(totalMs), rtoWholeS: seconds(wholeMs) },
      ...{ callsOpened: calls.opened, bytesRead: calls.bytesRead },
    },
    notOpened: calls.notOpened,
    journal: { timeline, nextSegment, gaps: gaps.length },
  };
}

const seconds = (ms: number) => Math.round(ms) / 1000;

/** A site at which nothing can be written, whatever the program does. */
function lookedAt({ store, ledger }: OpenSite): OpenSite {
  const never = () => Promise.reject(new TypeError('a drill writes nothing at a site'));
  return {
    store: { ...store, put: never, delete: never, lock: never },
    ledger: { ...ledger, put: never },
  };
}

async function assertRoom(folder: string, snapshot: SnapshotHead, share: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const [free, needed] = [bavail * bsize, roomFor(snapshot, share)];
  if (free >= needed) return;
  throw new ArchiveError(
    'DRILL_NO_ROOM',
    `a drill needs ${needed} bytes in ${folder}, where ${free} are free; VOXKEEP_DRILL_FOLDER takes another place`,
  );
}
