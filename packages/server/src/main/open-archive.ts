import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ACCESS_STATUS, accountAt } from '../access/index.ts';
import { REQUEST_STATUS, reconcileRequests } from '../access/requests/index.ts';
import { loadRules } from '../classify/index.ts';
import { systemClock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import { openIndexEpochs } from '../index/index.ts';
import type { IntakeDeps } from '../intake/receive-record.ts';
import type { Warrants } from '../keys/index.ts';
import { createNotices } from '../notices/index.ts';
import { reclassifyRecord } from '../pipeline/reclassify-record.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { transcodeToH264 } from '../platform/media/ffmpeg-decoder.ts';
import { ffmpegVersion } from '../platform/media/ffmpeg-version.ts';
import { jobQueue } from '../platform/queue/job-queue.ts';
import { noticeQueue } from '../platform/queue/notice-queue.ts';
import { ownCertificate } from '../platform/tls/own-certificate.ts';
import { holdGate } from '../retire/holds/index.ts';
import { watchKeyOf } from '../retire/restrictions/index.ts';
import { createServer } from '../serve/http/create-server.ts';
import { ReadTally } from '../serve/log/read-tally.ts';
import { ticketKeyOf } from '../serve/playback/index.ts';
import type { ServeDeps } from '../serve/ports.ts';
import { healthRoutes, Metrics } from '../serve/routes/health-routes.ts';
import { mountApi, mountLog, mountProviders, mountScim } from '../serve/routes/mount-api.ts';
import { requestDeps } from '../serve/routes/request-deps.ts';
import { renderVtt } from '../transcribe/index.ts';
import { openArchiveFolder } from './archive-folder.ts';
import { openAudits } from './audit/open-audits.ts';
import { openEngagements } from './audit/open-engagements.ts';
import { Closers } from './closers.ts';
import { type Config, SITE_NAMES } from './config.ts';
import { openDrills } from './drill/open-drills.ts';
import { openHolds, searchesOfHolds } from './holds-view.ts';
import { addressOf, assertPortFree, listen, portOf } from './listen.ts';
import { openDatabase } from './open-database.ts';
import { openDisposals } from './open-disposals.ts';
import { openJournal } from './open-journal.ts';
import { openKeyUpkeep } from './open-key-upkeep.ts';
import { openKeys } from './open-keys.ts';
import { openLedger } from './open-ledger.ts';
import { openNotices, startNotices } from './open-notices.ts';
import { openPlaces } from './open-places.ts';
import { openProviders } from './open-providers.ts';
import { openSeals } from './open-seals.ts';
import { readSites } from './open-sites.ts';
import { openSubjects } from './open-subjects.ts';
import { createOperations } from './operations.ts';
import { openOriginals } from './originals-view.ts';
import { openPlacement } from './placement-in-force.ts';
import { createPlacement, settlePlacement } from './placement-view.ts';
import { publicOriginOf } from './public-origin.ts';
import { readWitnesses } from './read-witnesses.ts';
import { fieldOpener, fieldSealer, ownRowSealer } from './record-keys.ts';
import { isRebuilt, noteRebuilt } from './recover/note-rebuilt.ts';
import { relyingPartyOf } from './relying-party.ts';
import { settleRetention } from './retention-in-force.ts';
import { openRetention } from './retention-view.ts';
import { siteLimits } from './site-settings.ts';
import { createSites } from './sites-view.ts';
import { startMoments } from './start-moments.ts';
import { startSiteWatch } from './start-site-watch.ts';
import { startTombstones } from './start-tombstones.ts';
import { startWork } from './start-work.ts';
import { tellSuccession } from './tell-succession.ts';
import { watchDrop } from './watch-drop.ts';
import { watchLedger } from './watch-ledger.ts';
import { intakeDeps, intakePort } from './wire-intake.ts';
import { wirePipeline } from './wire-pipeline.ts';

export const VERSION = '0.1.0';
const repository = resolve(import.meta.dirname, '../../../..');

export interface Archive {
  archiveId: string;
  /** What only a first start does is not done yet; until `finishFirstStart`. */
  firstStart: boolean;
  finishFirstStart(): Promise<void>;
  /** Undefined while there is none on the path. */
  ffmpeg(): string | undefined;
  url: string;
  fingerprint: string;
  authorityFile: string;
  keyFolder: string;
  db: Db;
  intake: IntakeDeps;
  warrants: Pick<Warrants, 'reopenFounding'>;
  signIn: ServeDeps['signIn'];
  reloadRules(): Promise<void>;
  close(): Promise<void>;
}

interface Opening {
  /** A successor of the log was asked for, where a witness has seen another history. */
  succeedLog: boolean;
  /** Told what whoever starts the archive has to know at once. */
  say: (line: string) => void;
}

/**
 * Opens, or makes, the archive of the configuration and serves it. All that it opened it closes. Rejects with
 * LEDGER_NOT_SUCCEEDED when a successor was asked for without a reason.
 */
export async function openArchive(
  config: Config,
  log: EventLog,
  opening: Opening,
): Promise<Archive> {
  const closers = new Closers();
  try {
    return await open(config, log, opening, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function open(
  config: Config,
  log: EventLog,
  { succeedLog, say }: Opening,
  closers: Closers,
): Promise<Archive> {
  const clock = systemClock;
  const startedAt = clock.now();
  const senders = await openNotices(config);
  const witnesses = await readWitnesses(config);
  const folder = await openArchiveFolder(config, clock);
  closers.add(folder.unlock);
  await assertPortFree(config);
  const { archiveId, keyFolder } = folder;
  const entries = await readSites(config);
  const siteFolders = entries.flatMap((site) => site.folder ?? []);
  const { created } = folder;
  const keys = await openKeys(config, { archiveId, keyFolder, created, clock, siteFolders });
  const { db, pool, schema } = await openDatabase(config, keys, closers);

  let port = config.port;
  const relyingParty = () => relyingPartyOf(config, port);
  const placement = await openPlacement(db, config);
  const { acknowledged } = placement;
  const { sites, gates, ledgerStores, warrants, keyRoom, vault, strays } = await openPlaces(
    entries,
    {
      ...{ archiveId, created, keys, clock, relyingParty, acknowledged, closers },
    },
  );
  const { sequencer, audit, note } = await openLedger({
    ...{ archiveId, version: VERSION, log, closers, say },
    ...{ db, pool, clock, witnesses, stores: ledgerStores },
    signingKey: keys.secret('ledger-signing'),
    succession: succeedLog ? 'asked' : isRebuilt(config.data) ? 'rebuilt' : undefined,
  });
  const scrubJournal = openJournal(config, {
    ...{ archiveId, keys, sites, db, pool, schema, clock, audit, log, closers },
  });
  const outgoing = { channels: senders.channels, queue: noticeQueue };
  const notices = createNotices({ clock, outgoing });
  await note(folder.created ? 'archive.create' : 'archive.start');
  const ends = {
    ...{ db, clock, audit, siteNames: SITE_NAMES, epoch: () => keys.currentEpoch('core') },
  };
  closers.add(await startTombstones(ends, gates, log));
  await noteRebuilt({ db, audit, sequencer }, config.data);
  await tellSuccession({ db, notices });

  const readRules = async () =>
    loadRules(await readFile(config.classification, 'utf8'), config.classification);
  let rules = await readRules();
  const indexKeys = await openIndexEpochs({ db, clock, keys });
  const fields = fieldSealer(keyRoom, systemRandom, acknowledged);
  const ownRows = ownRowSealer(keys, systemRandom);
  const searches = searchesOfHolds(indexKeys, config.timeZone);
  const gating = { clock, audit, texts: ownRows, searches };
  const gate = holdGate(gating);
  await settlePlacement(config, { db, clock, audit, notices, placement, log });
  const watchKey = watchKeyOf(keys.secret('ledger-commitment'));
  await settleRetention(config, { db, clock, audit, notices, log });
  const pipeline = await wirePipeline(config, {
    ...{ db, clock, audit, vault, strays, scrubJournal, placement, indexKeys, fields, watchKey },
    rules: () => rules,
    holds: gate,
  });
  const metrics = new Metrics();
  const { scrubber, placer } = await startWork(pipeline, config, { pool, metrics, log, closers });

  closers.add(await startNotices(config, senders, { db, pool, clock, sealer: ownRows, log }));
  const commitmentKey = keys.secret('ledger-commitment');
  const persons = await openSubjects(config, {
    ...{ db, pool, clock, audit, notices, indexKeys, watchKey, commitmentKey, vault, log, closers },
    ...{ texts: ownRows, rules: () => rules },
    dropKeys: (recordId) => keyRoom.drop(recordId as RecordId),
  });
  const intake = intakeDeps(config, { db, clock, vault, audit, keys });
  const certificate = await ownCertificate({
    folder: join(config.data, 'tls'),
    keyFolder: join(keyFolder, 'tls'),
    ...{ hostNames: config.hostNames, clock },
  });
  const seals = await openSeals({
    ...{ db, keys, keyFolder, audit, notices, log, random: systemRandom },
  });
  const limits = {
    idleMs: config.sessionIdleMinutes * 60_000,
    absoluteMs: config.sessionHours * 3_600_000,
  };
  const signIn = { db, clock, random: systemRandom, seals, limits };
  const keysOnDataHost = await onOneHost(keyFolder, config.data);
  const operations = createOperations({
    ...{ db, audit, queue: jobQueue, sites, sequencer, rules: () => rules },
    archive: {
      ...{ archiveId, version: VERSION, startedAt, timeZone: config.timeZone },
    },
    keysOnDataHost,
    dropFolder: config.drop,
    channels: senders.channels,
    ffmpeg: ffmpegVersion,
  });
  const keysView = await openKeyUpkeep(config, {
    ...{ db, clock, audit, keys, keyRoom, keyFolder, sites, keysOnDataHost, startedAt },
    ...{ vault, index: indexKeys, log, closers },
  });
  const disposals = openDisposals(config, {
    ...{ pipeline, archiveId, random: systemRandom, notices, signers: warrants, keys, keyRoom },
    ...{ gate, texts: ownRows, ledger: sequencer, log, closers },
  });
  const retention = await openRetention(config, { ...pipeline, notices }, log, closers);
  const serve: ServeDeps = {
    ...{ db, clock, audit, notices, vault, warrants, indexKeys, signIn, operations },
    ...persons,
    sites: createSites({ db, clock, audit, sites, entries, scrubber }),
    disposals,
    drills: openDrills(config, {
      ...{ db, pool, clock, audit, log, closers, archiveId, keyFolder, placement, entries },
    }),
    holds: openHolds(
      {
        ...{ ...gating, db, random: systemRandom, notices },
        commitmentKey,
        accountOf: (id) => accountAt(signIn, id),
      },
      { queue: jobQueue, disposals, log, closers },
    ),
    originals: await openOriginals(config, {
      ...{ db, clock, audit, notices, random: systemRandom, texts: ownRows },
    }),
    placement: createPlacement(config, { db, clock, audit, placement, placer }),
    retention,
    keys: keysView,
    audits: await openAudits(config, {
      ...{ db, pool, clock, random: systemRandom, audit, notices, texts: ownRows, log, closers },
      ...{ archiveId, keyFolder, keys, keysView, sites, entries, vault, warrants, placement },
      ...{ seals, sequencer },
    }),
    engagements: openEngagements({
      ...{ db, clock, random: systemRandom, audit, notices, seals, archiveId, commitmentKey },
      ...{ timeZone: config.timeZone, texts: ownRows, retention, log: () => sequencer.log() },
    }),
    providers: await openProviders(config.signIn),
    publicOrigin: publicOriginOf(config),
    timeZone: config.timeZone,
    archiveName: config.archiveName,
    commitmentKey,
    ticketKey: ticketKeyOf(keys.secret('session')),
    ...{ ownRows, mailsNotices: senders.channels.has('mail') },
    changes: {
      async reclassify(recordId, change) {
        const outcome = await reclassifyRecord(pipeline, recordId, change);
        keyRoom.drop(recordId);
        return outcome;
      },
    },
    approvals: { archiveId, random: systemRandom, texts: ownRows, relyingParty },
    h264: transcodeToH264,
    renderVtt,
    intake: intakePort(intake, config),
    openFields: fieldOpener(keyRoom),
    ledger: sequencer,
  };
  const tally = new ReadTally({ db, audit });
  await reconcileRequests(requestDeps(serve));
  closers.add(startMoments({ db, clock, notices }, log));
  const watching = { db, clock, notices, limits: siteLimits(config) };
  closers.add(startSiteWatch(watching, serve.sites.view, log));
  closers.add(watchLedger({ db, clock, notices, health: () => sequencer.health(), log }));
  const app = await createServer({
    ...{ key: certificate.key, certificate: certificate.chain, mediaBytes: config.mediaBytes },
    webFolder: webFolder(),
    extraStatus: { ...ACCESS_STATUS, ...REQUEST_STATUS },
    onRequest: (event) => {
      metrics.request(event);
      log.info('request', event);
    },
    onFailure: ({ requestId, route, kind }) =>
      log.error('request failed', { requestId, route, kind }),
    api: (api, table) => mountApi(api, serve, tally, table),
    operations: (root) => {
      healthRoutes(root, { operations, sites: serve.sites, drills: serve.drills, metrics });
      mountLog(root, serve, tally);
      mountProviders(root, serve);
      return mountScim(root, serve);
    },
  });
  closers.add(() => app.close());
  await listen(app, config);
  port = portOf(app);
  const { registry } = metrics;
  const { parseVcon } = serve.intake;
  closers.add(await watchDrop(config, { intake, parseVcon, log, registry }));
  await folder.made();
  const { firstStart, finishFirstStart } = folder;
  return {
    ...{ archiveId, keyFolder, db, intake, warrants, signIn, firstStart, finishFirstStart },
    ffmpeg: ffmpegVersion,
    url: addressOf(app, config),
    fingerprint: certificate.fingerprint,
    authorityFile: certificate.authorityFile,
    async reloadRules() {
      rules = await readRules();
      await note('config.reload');
    },
    async close() {
      await app.close();
      await note('archive.stop').catch(() => undefined);
      await closers.closeAll();
    },
  };
}

/** Keys on the same file system as the data leave with it. */
async function onOneHost(keyFolder: string, data: string): Promise<boolean> {
  await mkdir(data, { recursive: true });
  const [a, b] = await Promise.all([stat(keyFolder), stat(data)]);
  return a.dev === b.dev || !keyFolder.startsWith('/mnt/');
}

function webFolder(): string | undefined {
  const built = join(repository, 'packages/web/dist');
  return existsSync(join(built, 'index.html')) ? built : undefined;
}
