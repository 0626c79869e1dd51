import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { ACCESS_STATUS, authenticate, createAuth } from '../access/index.ts';
import { classify, loadRules } from '../classify/index.ts';
import { parseVcon } from '../connect/vcon/index.ts';
import { ARCHIVE_ACTOR } from '../core/audit.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import type { ObjectId, RecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import { checkMetadata, parseMetadata } from '../intake/parse-metadata.ts';
import { type IntakeDeps, openUpload } from '../intake/receive-record.ts';
import {
  assertKeysApart,
  createKeyFolder,
  createKeyRoom,
  type KeyStore,
  openFields,
  openKeyFolder,
  sealFields,
} from '../keys/index.ts';
import { ledgerAudit, startSequencer } from '../ledger/index.ts';
import { advanceRecord } from '../pipeline/advance-record.ts';
import { copyPending } from '../pipeline/copy-pending.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import { destroyQuarantine } from '../pipeline/destroy-quarantine.ts';
import { createVault, PLACEMENT, SiteSet, siteEnvelopes } from '../place/index.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { createFfmpegDecoder, transcodeToH264 } from '../platform/media/ffmpeg-decoder.ts';
import { directoryLedgerStore } from '../platform/objects/directory-ledger-store.ts';
import { openDirectorySite } from '../platform/objects/directory-site.ts';
import { connect, type PostgresAddress } from '../platform/postgres/connect.ts';
import { startEmbeddedServer } from '../platform/postgres/embedded-server.ts';
import { migrate } from '../platform/postgres/migrate.ts';
import { jobQueue, migrateQueue, startWorkers } from '../platform/queue/job-queue.ts';
import { ownCertificate } from '../platform/tls/own-certificate.ts';
import { probeMedia } from '../probe/index.ts';
import type { SoundWorkshop } from '../redact/audio/ports.ts';
import { renderRedacted, verifyRedacted } from '../redact/audio/render-redacted.ts';
import { loadProfiles, retentionFor } from '../retire/retention.ts';
import { createServer } from '../serve/http/create-server.ts';
import { createGate } from '../serve/http/gate.ts';
import type { ServeDeps } from '../serve/ports.ts';
import { accountRoutes } from '../serve/routes/account-routes.ts';
import { authRoutes } from '../serve/routes/auth-routes.ts';
import { healthRoutes, Metrics } from '../serve/routes/health-routes.ts';
import { intakeRoutes } from '../serve/routes/intake-routes.ts';
import { mediaRoutes } from '../serve/routes/media-routes.ts';
import { operationsRoutes } from '../serve/routes/operations-routes.ts';
import { recordRoutes } from '../serve/routes/record-routes.ts';
import type { CallFields } from '../serve/search/index.ts';
import { openArchiveFolder } from './archive-folder.ts';
import { type Config, SITE_NAMES } from './config.ts';
import { createOperations } from './operations.ts';

export const VERSION = '0.1.0';
const COPY_EVERY_MS = 1000;
const repository = resolve(import.meta.dirname, '../../../..');

export interface Archive {
  archiveId: string;
  created: boolean;
  url: string;
  fingerprint: string;
  authorityFile: string;
  keyFolder: string;
  db: Db;
  intake: IntakeDeps;
  signIn: ServeDeps['signIn'];
  reloadRules(): Promise<void>;
  close(): Promise<void>;
}

/** Undoes what was opened, the last first; one failure does not stop the others. */
class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];
  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }
  async closeAll(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close().catch(() => undefined);
  }
}

/** Opens, or makes, the archive of the configuration and serves it. All that it opened it closes. */
export async function openArchive(config: Config, log: EventLog): Promise<Archive> {
  const closers = new Closers();
  try {
    return await open(config, log, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function open(config: Config, log: EventLog, closers: Closers): Promise<Archive> {
  const clock = systemClock;
  const startedAt = clock.now();
  const folder = await openArchiveFolder(config, clock);
  closers.add(folder.unlock);
  const { archiveId, keyFolder } = folder;
  const keys = await openKeys(config, { archiveId, keyFolder, created: folder.created, clock });
  const database = await openDatabase(config, keys, closers);
  const { db, pool } = database;

  const stores = await Promise.all(
    SITE_NAMES.map(async (name) => {
      const site = { name, folder: config.sites[name], archiveId };
      return openDirectorySite({ ...site, create: folder.created });
    }),
  );
  const sites = new SiteSet(stores);
  const keyRoom = createKeyRoom({
    ...{ store: keys, envelopes: siteEnvelopes(sites), clock, random: systemRandom },
  });
  closers.add(async () => keyRoom.close());
  const vault = createVault({ sites, keyRoom, clock, random: systemRandom });

  const origin = `voxkeep/${archiveId}`;
  const sequencer = await startSequencer({
    ...{ db, pool, clock, origin, signingKey: keys.secret('ledger-signing') },
    stores: SITE_NAMES.map((name) =>
      directoryLedgerStore({ name, siteFolder: config.sites[name] }),
    ),
    onError: (error, where) => log.warn('ledger', { kind: codeOf(error), reason: where }),
  });
  closers.add(() => sequencer.stop());
  const audit = ledgerAudit({ clock, sequencer });
  await note(folder.created ? 'archive.create' : 'archive.start');

  let rules = loadRules(await readFile(config.classification, 'utf8'), config.classification);
  const profiles = loadProfiles(await readFile(config.retention, 'utf8'), config.retention);
  const epoch = keys.currentEpoch('basic');
  const indexKeys = {
    phone: keys.indexSecret('phone-index', epoch),
    text: keys.indexSecret('text-index', epoch),
    account: keys.indexSecret('account-index', epoch),
  };
  const decoder = createFfmpegDecoder({ memoryBytes: config.mediaMemoryBytes });
  const workshop = decoder as SoundWorkshop;
  const recordKey = (recordId: RecordId) => ({
    recordId,
    objectId: recordId as string as ObjectId,
  });

  const pipeline: PipelineDeps = {
    ...{ db, clock, audit, vault, indexKeys, queue: jobQueue, timeZone: config.timeZone },
    media: {
      probe: (source) => probeMedia(source, decoder),
      render: (facts, source, spans) => renderRedacted(workshop, facts, source, spans),
      verifyMasked: (rendition, facts, spans) => verifyRedacted(workshop, facts, rendition, spans),
    },
    classifier: { classify: (input) => classify(rules, input) },
    fields: {
      async createRecordKey(recordId, poolName) {
        const names = PLACEMENT[poolName].acknowledged;
        const ref = {
          ...recordKey(recordId),
          pool: poolName,
          version: 1,
          purpose: 'record-key',
        } as const;
        const made = await keyRoom.createKey(ref, names);
        made.key.fill(0);
        await made.stored;
        return {
          ...{ id: ref.objectId, recordId, purpose: 'record-key', ordinal: 0, pool: poolName },
          ...{ version: 1, mediaType: 'application/octet-stream', plainBytes: 0, sealedBytes: 0 },
          ...{ sealedSha256: createHash('sha256').digest(), sites: [...names] },
        };
      },
      async seal(recordId, poolName, plain) {
        const key = await keyRoom.openKey({ ...recordKey(recordId), pool: poolName });
        return sealFields(key, recordId, plain, systemRandom);
      },
    },
    placement: {
      acknowledged: (poolName) => PLACEMENT[poolName].acknowledged,
      further: (poolName) => PLACEMENT[poolName].further,
    },
    retentionFor: ({ tier, classification, startedAt: at }) =>
      retentionFor(profiles, {
        ...{ tier, startedAt: at, timeZone: config.timeZone },
        industry: classification.industry,
        businessType: classification.businessType,
      }),
    sensitiveOriginalDays: config.sensitiveOriginalDays,
  };
  const metrics = new Metrics();
  const workers = await startWorkers({
    ...{ pool, concurrency: config.workers },
    handlers: {
      async advance(recordId, attempt) {
        const started = performance.now();
        const state = await advanceRecord(pipeline, recordId, attempt);
        metrics.step(state, performance.now() - started);
        if (state === 'quarantined') log.warn('record quarantined', { recordId });
      },
      destroyQuarantine: async (recordId) => void (await destroyQuarantine(pipeline, recordId)),
    },
    onError: (task, error) => log.error('job failed', { task, kind: codeOf(error) }),
  });
  closers.add(() => workers.stop());
  closers.add(startCopier(pipeline, log));

  const intake: IntakeDeps = {
    ...{ db, clock, vault, audit, random: systemRandom },
    secrets: { idempotency: keys.secret('idempotency'), mediaDigest: keys.secret('media-digest') },
    enqueue: (tx, recordId) => jobQueue.advance(tx, recordId),
    limits: {
      mediaBytes: config.mediaBytes,
      transcriptBytes: 64 * 1024 * 1024,
      screenshotBytes: 20 * 1024 * 1024,
    },
  };
  const certificate = await ownCertificate({
    folder: join(config.data, 'tls'),
    keyFolder: join(keyFolder, 'tls'),
    ...{ hostNames: config.hostNames, clock },
  });
  const auth = createAuth(
    pool,
    keys.secret('session').toString('base64'),
    `https://localhost:${config.port}`,
  );
  const signIn = { auth, db, clock, random: systemRandom };
  const ffmpeg = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' }).stdout?.split('\n')[0];
  const operations = createOperations({
    ...{ db, audit, queue: jobQueue, sites, sequencer, rules: () => rules },
    archive: { archiveId, version: VERSION, startedAt, timeZone: config.timeZone, origin },
    keysOnDataHost: await onOneHost(keyFolder, config.data),
    ffmpeg,
  });
  const serve: ServeDeps = {
    ...{ db, clock, audit, vault, indexKeys, signIn, operations },
    timeZone: config.timeZone,
    archiveName: config.archiveName,
    commitmentKey: keys.secret('ledger-commitment'),
    h264: transcodeToH264,
    intake: {
      open: () => {
        const upload = openUpload(intake);
        return {
          ...upload,
          commit: async (metadata, actor, requestId) => {
            const receipt = await upload.commit(metadata, actor, requestId);
            return { ...receipt, receivedAt: receipt.receivedAt.toISOString() };
          },
        };
      },
      parseMetadata,
      async parseVcon(body) {
        const vcon = parseVcon(await collect(body, config.mediaMemoryBytes));
        if (vcon.media === undefined)
          throw new ArchiveError('VCON_NO_MEDIA', 'no recording inline');
        return {
          metadata: checkMetadata(vcon.metadata),
          media: vcon.media,
          ...(vcon.transcript === undefined ? {} : { transcript: vcon.transcript.bytes }),
        };
      },
    },
    openFields: async (rows) => {
      const found = await Promise.all(
        rows.map(async (row) => {
          const id = row.id as RecordId;
          const key = await keyRoom.openKey({ ...recordKey(id), pool: row.tier });
          const plain = inflateRawSync(openFields(key, id, row.fields)).toString();
          return [row.id, JSON.parse(plain) as CallFields] as const;
        }),
      );
      return new Map(found);
    },
  };
  const gate = createGate(serve, (request) => authenticate(signIn, request.headers));
  const app = await createServer({
    ...{ key: certificate.key, certificate: certificate.chain, mediaBytes: config.mediaBytes },
    webFolder: webFolder(),
    extraStatus: ACCESS_STATUS,
    onRequest: (event) => {
      metrics.request(event);
      log.info('request', event);
    },
    onFailure: ({ requestId, route, kind }) =>
      log.error('request failed', { requestId, route, kind }),
    api(api) {
      authRoutes(api, serve, gate);
      accountRoutes(api, serve, gate);
      recordRoutes(api, serve, gate);
      mediaRoutes(api, serve, gate);
      intakeRoutes(api, serve, gate);
      operationsRoutes(api, serve, gate);
    },
    operations: (root) => healthRoutes(root, { operations, metrics }),
  });
  closers.add(() => app.close());
  await app.listen({ host: config.host, port: config.port });
  return {
    ...{ archiveId, keyFolder, db, intake, signIn, created: folder.created },
    url: addressOf(app, config.host),
    fingerprint: certificate.fingerprint,
    authorityFile: certificate.authorityFile,
    async reloadRules() {
      rules = loadRules(await readFile(config.classification, 'utf8'), config.classification);
      await note('config.reload');
    },
    async close() {
      await app.close();
      await note('archive.stop').catch(() => undefined);
      await closers.closeAll();
    },
  };

  async function note(action: string): Promise<void> {
    const entry = {
      actor: ARCHIVE_ACTOR,
      action,
      outcome: 'ok',
      detail: { version: VERSION },
    } as const;
    const { outboxId } = await db.transaction().execute((tx) => audit.append(tx, entry));
    await audit.settle(outboxId);
  }
}

async function openKeys(
  config: Config,
  about: { archiveId: string; keyFolder: string; created: boolean; clock: Clock },
): Promise<KeyStore> {
  const { archiveId, keyFolder, clock } = about;
  await assertKeysApart(keyFolder, [config.data, ...Object.values(config.sites)]);
  if (about.created || !existsSync(join(config.data, 'pg'))) {
    if (!existsSync(join(keyFolder, 'keys.json'))) {
      await createKeyFolder({ folder: keyFolder, archiveId, random: systemRandom });
    }
  }
  return openKeyFolder({ folder: keyFolder, archiveId, clock, random: systemRandom });
}

async function openDatabase(config: Config, keys: KeyStore, closers: Closers) {
  let address: PostgresAddress;
  if (config.databaseUrl === undefined) {
    const server = await startEmbeddedServer({
      dataDir: join(config.data, 'pg'),
      socketDir: join(config.data, 'run'),
      password: keys.secret('postgres-password').toString('hex'),
      durable: true,
    });
    closers.add(server.stop);
    address = server.address;
  } else {
    address = { url: (await readFile(config.databaseUrl, 'utf8')).trim() };
  }
  const connection = connect(address, { maxConnections: config.workers + 24 });
  closers.add(connection.close);
  await migrate(connection.pool);
  await migrateQueue(connection.pool);
  return connection;
}

/** Makes due copies one round after another; a stop waits for the copy under way. */
function startCopier(deps: PipelineDeps, log: EventLog): () => Promise<void> {
  const stop = new AbortController();
  let wake: (() => void) | undefined;
  const work = (async () => {
    while (!stop.signal.aborted) {
      const { copied, failed } = await copyPending(deps, stop.signal).catch((error: unknown) => {
        log.error('copying failed', { kind: codeOf(error) });
        return { copied: 0, failed: 1 };
      });
      if (failed > 0) log.warn('copies failed', { count: failed });
      if (copied === 0) {
        await new Promise<void>((done) => {
          wake = done;
          setTimeout(done, COPY_EVERY_MS).unref();
        });
      }
    }
  })();
  return async () => {
    stop.abort();
    wake?.();
    await work;
  };
}

async function collect(source: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of source) {
    bytes += part.length;
    if (bytes > most) throw new ArchiveError('VCON_TOO_LARGE', `a vCon is at most ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
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

function addressOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `https://${host === '0.0.0.0' ? 'localhost' : host}:${port}`;
}

const codeOf = (error: unknown): string =>
  error instanceof ArchiveError ? error.code : error instanceof Error ? error.name : 'unknown';
