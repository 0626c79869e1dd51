import type { Db } from '../core/database.ts';
import { systemRandom } from '../core/random.ts';
import { createSeals, type SealedTable, type Seals, type VersionMemory } from './seals.ts';
import type { ChangeDeps } from './staff-row.ts';

/** Forgets with the process; for tests. */
export function memoryInProcess(): VersionMemory {
  const least = new Map<string, number>();
  return {
    least: (rowId) => least.get(rowId) ?? 0,
    raise: async (rowId, version) => {
      least.set(rowId, Math.max(version, least.get(rowId) ?? 0));
    },
  };
}

/** Seals under a key that every test knows; `onForged` hears of rows that were planted. */
export function testSeals(
  onForged: (table: SealedTable, rowId: string) => void = () => undefined,
): Seals {
  const secret = Buffer.alloc(32, 7);
  return createSeals({ secret, random: systemRandom, memory: memoryInProcess(), onForged });
}

/** One change in a transaction of its own, as `commitChange` makes it, without a ledger. */
export async function changing<D extends { db: Db; seals: Seals }, T>(
  deps: D,
  work: (tx: D & ChangeDeps) => Promise<T>,
): Promise<T> {
  const versions = new Map<string, number>();
  const done = await deps.db.transaction().execute((db) => work({ ...deps, db, versions }));
  for (const [rowId, version] of versions) await deps.seals.memory.raise(rowId, version);
  return done;
}

/** Makes every open session look as if it had been used for the last time then. */
export async function sessionsSeenAt(db: Db, seenAt: Date): Promise<void> {
  const seals = testSeals();
  for (const session of await db.selectFrom('staff_session').selectAll().execute()) {
    const row = { ...session, seen_at: seenAt };
    const seal = seals.seal('staff_session', row);
    await db
      .updateTable('staff_session')
      .set({ seen_at: seenAt, seal })
      .where('id', '=', session.id)
      .execute();
  }
}
