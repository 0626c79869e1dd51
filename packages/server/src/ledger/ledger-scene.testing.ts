import { noteSigner, readCheckpoint, readLog } from '@voxkeep/proof';
import type pg from 'pg';
import { systemClock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { appendEntry } from './append-entry.ts';
import type { EntryInput } from './entry.ts';
import { type MemoryStore, memoryStore } from './memory-store.testing.ts';
import type { LedgerStore, Witnesses } from './ports.ts';
import type { Sequencer, SequencerOptions } from './sequencer-port.ts';
import { startSequencer } from './start-sequencer.ts';

const SEED = Buffer.alloc(32, 5);
const ORIGIN = 'voxkeep.test/ledger';
export const { vkey } = noteSigner(ORIGIN, SEED);
export const log = { origin: ORIGIN, signingKey: SEED };

/** A catalog, three sites in memory, and the sequencers that were started over them. */
export interface LedgerScene {
  database: Awaited<ReturnType<typeof testDatabase>>;
  hq: MemoryStore;
  branch: MemoryStore;
  cloud: MemoryStore;
  start(
    stores?: LedgerStore[],
    more?: {
      signingKey?: Buffer;
      waitMs?: number;
      pool?: pg.Pool;
      witnesses?: Witnesses;
      restoreAfterMs?: number;
      succession?: 'rebuilt' | 'asked';
      onSuccession?: NonNullable<SequencerOptions['onSuccession']>;
    },
  ): Promise<Sequencer>;
  /** The catalog is lost; what the sites hold stays. */
  loseCatalog(): Promise<void>;
  close(): Promise<void>;
}

export async function ledgerScene(): Promise<LedgerScene> {
  const [hq, branch, cloud] = [memoryStore('hq'), memoryStore('branch'), memoryStore('cloud')];
  const running: Sequencer[] = [];
  const scene: LedgerScene = {
    ...{ database: await testDatabase(), hq, branch, cloud },
    start: async (stores = [hq, branch, cloud], more = {}) => {
      const { db, pool } = scene.database;
      const options = { db, pool, clock: systemClock, signingKey: SEED, origin: ORIGIN, stores };
      const sequencer = await startSequencer({ ...options, ...more });
      running.push(sequencer);
      return sequencer;
    },
    loseCatalog: async () => {
      await scene.database.close();
      scene.database = await testDatabase();
    },
    close: async () => {
      for (const one of running.splice(0)) await one.stop();
      await scene.database.close();
    },
  };
  return scene;
}

export const act = (resource: string, detail?: EntryInput['detail']): EntryInput => ({
  actorId: 'u-1',
  actorRole: 'qa',
  action: 'record.view',
  resource,
  outcome: 'ok',
  ...(detail === undefined ? {} : { detail }),
});

export async function append(db: Db, input: EntryInput): Promise<string> {
  const done = await db.transaction().execute((tx) => appendEntry(tx, systemClock, input));
  return done.outboxId;
}

/** All that a site's log proves. */
export async function provenEntries(
  store: LedgerStore,
): Promise<{ seq: number; resource: string }[]> {
  const checkpoint = await readCheckpoint((path) => store.get(path), vkey);
  if (checkpoint === undefined) throw new Error('no checkpoint');
  const entries = [];
  for await (const { entry } of readLog((path) => store.get(path), checkpoint)) {
    entries.push(JSON.parse(entry.toString()));
  }
  return entries;
}

export async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; !(await fact()); turn += 1) {
    if (turn > 500) throw new Error('did not come about');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error && 'code' in error ? String(error.code) : 'accepted';
}
