import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Audit, AuditEntry } from '../core/audit.ts';
import { type Clock, fixedClock } from '../core/clock.ts';
import { ArchiveError } from '../core/errors.ts';
import { systemRandom } from '../core/random.ts';
import {
  createKeyFolder,
  createKeyRoom,
  type KeyRoom,
  type KeyStore,
  openKeyFolder,
  openWarrants,
  type Warrants,
} from '../keys/index.ts';
import { memoryDocuments } from '../keys/memory-documents.testing.ts';
import { entryBody } from '../ledger/entry.ts';
import { createStrays, createVault, SiteSet, type Strays, siteEnvelopes } from '../place/index.ts';
import { shippedPlacement } from '../place/placement.testing.ts';
import type { SiteStore } from '../place/ports.ts';
import { openDirectorySite } from '../platform/objects/directory-site.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { objectsOf } from '../record/object-rows.ts';
import type { StoredObject, Vault } from '../record/vault.ts';
import type { IntakeDeps } from './receive-record.ts';

export const ARCHIVE_ID = '0198a1b2-0000-7000-8000-000000000001';
const LIMITS = { mediaBytes: 8 << 20, transcriptBytes: 4096, screenshotBytes: 4096 };

/** The intake room over a real catalog, real keys and three real sites; the ledger is in memory. */
export interface IntakeScene {
  intake: IntakeDeps;
  folder: string;
  vault: Vault;
  strays: Strays;
  placement: ReturnType<typeof shippedPlacement>;
  keys: KeyStore;
  keyFolder: string;
  keyRoom: KeyRoom;
  sites: SiteSet;
  warrants: Warrants;
  clock: Clock & { set(at: Date | string): void };
  entries: AuditEntry[];
  enqueued: string[];
  /** Faults to switch on: the ledger fails after the commit; one runs between upload and commit. */
  faults: { settle?: boolean; beforeCommit?: () => Promise<void> };
  database: Awaited<ReturnType<typeof testDatabase>>;
  /** Rows and files at the sites: two equal answers mean that nothing was left behind. */
  inventory(): Promise<{ rows: Record<string, number>; files: string[] }>;
  /** What a sealed object holds. */
  read(object: StoredObject): Promise<Buffer>;
  objects(recordId: string): Promise<StoredObject[]>;
  setState(recordId: string, state: string, code?: string): Promise<void>;
  close(): Promise<void>;
}

/** A site that is to be another one than a folder of the scene; undefined: the folder. */
export type SceneSite = (name: string) => Promise<SiteStore | undefined>;

export async function intakeScene(
  limits = LIMITS,
  siteOf: SceneSite = async () => undefined,
): Promise<IntakeScene> {
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-intake-'));
  const database = await testDatabase();
  const { db } = database;
  const clock = fixedClock('2026-11-20T01:00:00Z');
  const keyFolder = join(folder, 'keys');
  await createKeyFolder({ folder: keyFolder, archiveId: ARCHIVE_ID, random: systemRandom });
  const keyOptions = { folder: keyFolder, archiveId: ARCHIVE_ID, clock, random: systemRandom };
  const store = await openKeyFolder(keyOptions);
  const names = ['hq', 'branch', 'cloud'];
  const sites = new SiteSet(
    await Promise.all(
      names.map(async (name) => {
        const other = await siteOf(name);
        if (other !== undefined) return other;
        const site = join(folder, 'sites', name);
        await mkdir(site, { recursive: true });
        return openDirectorySite({ name, folder: site, archiveId: ARCHIVE_ID, create: true });
      }),
    ),
  );
  const room = { store, envelopes: siteEnvelopes(sites), clock, random: systemRandom };
  const warrants = openWarrants({
    ...{ documents: memoryDocuments(), archiveId: ARCHIVE_ID },
    relyingParty: () => ({ ids: ['localhost'], origins: ['https://localhost:8443'] }),
  });
  const keyRoom = createKeyRoom({ ...room, warrants });
  const placement = shippedPlacement();
  const strays = createStrays({ sites, keyRoom });
  const vault = createVault({
    ...{ sites, keyRoom, clock, random: systemRandom },
    acknowledged: (pool) => placement.policy().pools[pool].acknowledged,
  });
  const entries: AuditEntry[] = [];
  const enqueued: string[] = [];
  const faults: IntakeScene['faults'] = {};
  const audit: Audit = {
    append: async (_tx, entry) => {
      const { actor, ...rest } = entry;
      entryBody({ actorId: actor.id, actorRole: actor.role, ...rest }, new Date());
      await faults.beforeCommit?.();
      entries.push(entry);
      return { outboxId: String(entries.length) };
    },
    settle: async (outboxId) => {
      if (faults.settle === true) {
        throw new ArchiveError('LEDGER_UNAVAILABLE', 'switched off', { retry: 'later' });
      }
      return { index: Number(outboxId) };
    },
  };
  const intake: IntakeDeps = {
    ...{ db, clock, vault, audit, random: systemRandom, limits },
    secrets: { idempotency: Buffer.alloc(32, 1), mediaDigest: Buffer.alloc(32, 2) },
    enqueue: async (_tx, id) => void enqueued.push(id),
  };
  return {
    ...{ keys: store, keyFolder, keyRoom, sites },
    ...{
      intake,
      folder,
      vault,
      strays,
      placement,
      warrants,
      clock,
      entries,
      enqueued,
      faults,
      database,
    },
    async inventory() {
      const count = async (
        table: 'record' | 'intake_key' | 'sealed_object' | 'object_copy' | 'pending_copy',
      ) => {
        const row = await db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<string>().as('n'))
          .executeTakeFirstOrThrow();
        return [table, Number(row.n)] as const;
      };
      const tables = ['record', 'intake_key', 'sealed_object', 'object_copy'] as const;
      const rows = Object.fromEntries(await Promise.all(tables.map(count)));
      const all = await readdir(join(folder, 'sites'), { recursive: true, withFileTypes: true });
      const files = all
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      return { rows, files };
    },
    async read(object) {
      const open = await vault.open(object);
      return open.readRange(0, open.sizeBytes);
    },
    objects: (recordId) => objectsOf(db, recordId),
    async setState(recordId, state, code) {
      const reason = { reason_code: code ?? null, reason: code === undefined ? null : 'why' };
      await db
        .updateTable('record')
        .set({ state, ...reason })
        .where('id', '=', recordId)
        .execute();
    },
    async close() {
      keyRoom.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
