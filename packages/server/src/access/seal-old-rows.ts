import type { Db } from '../core/database.ts';
import type { Seals } from './seals.ts';
import { allStaff } from './staff-row.ts';

/**
 * Seals the rows of an archive that had no seals yet, in one transaction, and resolves to how many.
 * Only for the one start after such an archive was upgraded: whoever calls it remembers, outside the
 * database, that it was done, as a row without a seal is a planted one ever after.
 */
export async function sealOldRows({ db, seals }: { db: Db; seals: Seals }): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const staff = await tx.selectFrom('staff').selectAll().where('seal', 'is', null).execute();
    for (const row of staff) {
      const seal = seals.seal('staff', row);
      await tx.updateTable('staff').set({ seal }).where('actor_id', '=', row.actor_id).execute();
    }
    const keys = await tx.selectFrom('api_key').selectAll().where('seal', 'is', null).execute();
    for (const old of keys) {
      const row = { ...old, key_digest: seals.digest('api-key', old.key_digest) };
      const sealed = { ...row, seal: seals.seal('api_key', row) };
      await tx.updateTable('api_key').set(sealed).where('id', '=', row.id).execute();
    }
    return staff.length + keys.length;
  });
}

/**
 * At each start: what the database holds now is the least that counts, as a process that was killed
 * right after a commit had no time to say so.
 */
export async function keepVersions({ db, seals }: { db: Db; seals: Seals }): Promise<void> {
  const keys = await db.selectFrom('api_key').selectAll().execute();
  const rows = [
    ...(await allStaff({ db, seals })).map((row) => ({ id: row.actor_id, version: row.version })),
    ...keys.filter((row) => seals.authentic('api_key', row)),
  ];
  for (const { id, version } of rows) {
    if (version > Math.max(1, seals.memory.least(id))) await seals.memory.raise(id, version);
  }
}
