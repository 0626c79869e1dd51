import { listAccounts, type Seals } from '../../access/index.ts';
import type { Db } from '../../core/database.ts';
import type { AuditSources } from '../../inspect/audit/index.ts';

type Staff = { db: Db; seals: Seals };
type Tables = Parameters<AuditSources['forgedRows']>[0];

/** Accounts whose rows this archive wrote. */
export async function accountsOf(staff: Staff): ReturnType<AuditSources['accounts']> {
  return (await listAccounts(staff)).map(
    ({ id, role, createdAt, lockedAt, personRef: person }) => ({
      ...{ id, role, createdAt, lockedAt, person },
    }),
  );
}

const KEYS = { staff: 'actor_id', api_key: 'id', staff_session: 'id' } as const;

/** Ids of rows whose seal does not fit, or that are older than the newest of their versions. */
export async function forgedRowsOf({ db, seals }: Staff, table: Tables): Promise<string[]> {
  const rows = await db.selectFrom(table).selectAll().execute();
  const key = KEYS[table];
  return rows.flatMap((row) => {
    const id = Object.entries(row).find(([name]) => name === key)?.[1];
    return seals.authentic(table, row) || typeof id !== 'string' ? [] : [id];
  });
}
