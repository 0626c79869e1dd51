import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Problem } from '@voxkeep/contract';
import { noteSigner } from '@voxkeep/proof';
import type pg from 'pg';
import { ACCESS_STATUS, cookieHeader, createAccount, issueApiKey } from '../access/index.ts';
import type { Role } from '../access/policy-table.ts';
import { REQUEST_STATUS } from '../access/requests/index.ts';
import { testSeals } from '../access/seals.testing.ts';
import { systemClock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { systemRandom } from '../core/random.ts';
import { ARCHIVE_ID, type IntakeScene, intakeScene } from '../intake/intake-scene.testing.ts';
import { type LedgerHealth, ledgerAudit, type Sequencer, startSequencer } from '../ledger/index.ts';
import { memoryStore } from '../ledger/memory-store.testing.ts';
import { intakePort } from '../main/wire-intake.ts';
import { createNotices } from '../notices/index.ts';
import { ownCertificate } from '../platform/tls/own-certificate.ts';
import { renderVtt } from '../transcribe/index.ts';
import { INDEX_KEYS } from './archived-call.testing.ts';
import { createServer } from './http/create-server.ts';
import { ReadTally } from './log/read-tally.ts';
import type {
  AuditsPort,
  ClosuresPort,
  DisposalsPort,
  DrillsPort,
  EngagementsPort,
  HoldsPort,
  KeysPort,
  OperationsPort,
  OriginalsPort,
  PlacementPort,
  RetentionPort,
  ServeDeps,
  SitesPort,
  SubjectsPort,
} from './ports.ts';
import { healthRoutes, Metrics } from './routes/health-routes.ts';
import { mountApi, mountLog, mountProviders, mountScim } from './routes/mount-api.ts';

const SEED = Buffer.alloc(32, 5);
const LOG = noteSigner('voxkeep.test/ledger', SEED);
const OWN_ROWS = {
  seal: (_id: string, plain: Buffer) => plain,
  open: (_id: string, sealed: Buffer) => sealed,
};
const PASSWORD = 'correct horse battery';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  bytes: Buffer;
}

/** The whole HTTPS server over a real catalog, keys and sites, spoken to through a socket. */
export interface ServeScene {
  /** What it serves with. */
  serve: ServeDeps;
  intake: IntakeScene;
  /** Codes of requests that ended in a 500. */
  failures: string[];
  send(
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: string | Uint8Array,
  ): Promise<Answer>;
  /** Where it listens, for a client of one's own. */
  port: number;
  /** Bytes as they are, and what comes back until the connection ends. */
  sendRaw(bytes: string): Promise<string>;
  /** Numbers what the catalog holds; undefined in a scene without a ledger. */
  sequencer: Sequencer | undefined;
  /** Headers of a service. */
  service: Record<string, string>;
  /** Headers of a signed-in person of this role; asked again, of the same person in a new session. */
  person(
    role: Role,
    as?: { name?: string; personId?: string; agentId?: string },
  ): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * With `ledger` it is a real one, with sites in memory; otherwise entries only lie in the scene. `deps`
 * take the place of what the server would have.
 */
export async function serveScene(
  operations: Partial<OperationsPort> = {},
  more: { ledger?: boolean; deps?: Partial<ServeDeps> } = {},
): Promise<ServeScene> {
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-serve-'));
  const certificate = await ownCertificate({
    ...{ folder: join(folder, 'tls'), keyFolder: join(folder, 'keys') },
    ...{ hostNames: ['localhost'], clock: systemClock },
  });
  const intake = await intakeScene();
  const { db, pool } = intake.database;
  const { vault, warrants } = intake;
  const sequencer = more.ledger === true ? await testSequencer(db, pool) : undefined;
  const audit = sequencer ? ledgerAudit({ clock: systemClock, sequencer }) : intake.intake.audit;
  const signIn = { db, clock: systemClock, random: systemRandom, seals: testSeals() };
  const failures: string[] = [];
  const deps: ServeDeps = {
    ...{ db, vault, warrants, audit, signIn, clock: systemClock, timeZone: 'Asia/Shanghai' },
    ...{ providers: [], publicOrigin: 'https://localhost:8443' },
    ...{ archiveName: '留声', commitmentKey: Buffer.alloc(32, 3), ticketKey: Buffer.alloc(32, 6) },
    notices: createNotices({ clock: systemClock }),
    mailsNotices: true,
    indexKeys: { current: INDEX_KEYS, held: [INDEX_KEYS] },
    ownRows: OWN_ROWS,
    changes: { reclassify: async () => 'done' },
    approvals: {
      ...{ archiveId: ARCHIVE_ID, random: systemRandom, texts: OWN_ROWS },
      relyingParty: () => ({ ids: ['localhost'], origins: ['https://localhost:8443'] }),
    },
    intake: intakePort(intake.intake, { mediaMemoryBytes: 1 << 20 } as never),
    openFields: async () => new Map(),
    h264: () => {
      throw new Error('not in this scene');
    },
    renderVtt,
    operations: operations as OperationsPort,
    sites: {} as SitesPort,
    closures: {} as ClosuresPort,
    subjects: {} as SubjectsPort,
    disposals: {} as DisposalsPort,
    drills: {} as DrillsPort,
    audits: {} as AuditsPort,
    engagements: {} as EngagementsPort,
    placement: {} as PlacementPort,
    holds: {} as HoldsPort,
    originals: {} as OriginalsPort,
    retention: {} as RetentionPort,
    keys: {} as KeysPort,
    ledger: {
      log: () => ({ origin: LOG.name, verifierKey: LOG.vkey }),
      health: () => sequencer?.health() ?? ({} as LedgerHealth),
    },
    ...more.deps,
  };
  const tally = new ReadTally({ db, audit });
  const made = new Set<string>();
  const app = await createServer({
    ...{ key: certificate.key, certificate: certificate.chain, webFolder: undefined },
    ...{ mediaBytes: 8 << 20, extraStatus: { ...ACCESS_STATUS, ...REQUEST_STATUS } },
    onRequest: () => undefined,
    onFailure: ({ kind }) => void failures.push(kind),
    operations: (root) => {
      healthRoutes(root, { ...deps, metrics: new Metrics() });
      mountLog(root, deps, tally);
      mountProviders(root, deps);
      return mountScim(root, deps);
    },
    api: (api, table) => mountApi(api, deps, tally, table),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const send: ServeScene['send'] = (method, path, headers = {}, body) =>
    new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false, agent: false },
        (answer) => {
          let text = '';
          answer.setEncoding('latin1').on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.from(text, 'latin1').toString(),
              bytes: Buffer.from(text, 'latin1'),
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  const issued = await issueApiKey(signIn, {
    ...{ name: 'test', createdBy: 'test', expiresInDays: 1 },
  });
  return {
    serve: deps,
    ...{ intake, failures, send, port, sequencer },
    service: { authorization: `Bearer ${issued.key}` },
    sendRaw: (bytes) =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
        let text = '';
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
        socket.write(bytes);
      }),
    async person(role, { name = role, personId = name, agentId = '001' } = {}) {
      if (!made.has(name)) {
        await createAccount(signIn, {
          ...{ username: name, displayName: name, role, password: PASSWORD },
          ...{ agentId, teamId: 'a', personId },
        });
      }
      made.add(name);
      const own = { 'x-voxkeep-csrf': '1' };
      const body = JSON.stringify({ username: name, password: PASSWORD });
      const answer = await send(
        'POST',
        '/api/v1/session',
        { ...own, 'content-type': 'application/json' },
        body,
      );
      return { ...own, cookie: cookieHeader([answer.headers['set-cookie'] ?? []].flat()) };
    },
    async close() {
      await app.close();
      await sequencer?.stop();
      await intake.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function testSequencer(db: Db, pool: pg.Pool): Promise<Sequencer> {
  return startSequencer({
    ...{ db, pool, clock: systemClock, origin: LOG.name, signingKey: SEED },
    stores: [memoryStore('hq'), memoryStore('branch')],
  });
}

export const problemIn = (answer: Answer): Problem => JSON.parse(answer.text) as Problem;
