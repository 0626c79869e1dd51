import { listAccounts, setLocked } from '../access/index.ts';
import { ARCHIVE_ACTOR, type Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';

/**
 * For when nobody can sign in as administrator: locks every administrator, each on the ledger, so
 * that the archive prints a token for a new one. That one can unlock the others. Resolves to how
 * many were locked.
 */
export async function lockAdministrators(deps: {
  db: Db;
  clock: Clock;
  audit: Audit;
}): Promise<number> {
  const { db, clock, audit } = deps;
  const found = (await listAccounts(db)).filter(
    ({ role, lockedAt }) => role === 'admin' && lockedAt === undefined,
  );
  for (const { id } of found) {
    const { outboxId } = await db.transaction().execute(async (tx) => {
      await setLocked(tx, clock, id, true);
      return audit.append(tx, {
        ...{ actor: ARCHIVE_ACTOR, action: 'account.lock', resource: id, outcome: 'ok' },
        detail: { by: 'recover' },
      });
    });
    await audit.settle(outboxId);
  }
  return found.length;
}
