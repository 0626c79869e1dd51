import { commitChange, listAccounts, type Seals, setLocked } from '../access/index.ts';
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
  seals: Seals;
}): Promise<number> {
  const { clock } = deps;
  const found = (await listAccounts(deps)).filter(
    ({ role, lockedAt }) => role === 'admin' && lockedAt === undefined,
  );
  for (const { id } of found) {
    await commitChange(deps, async (tx) => ({
      answer: await setLocked({ ...tx, clock }, id, true),
      entry: {
        ...{ actor: ARCHIVE_ACTOR, action: 'account.lock', resource: id, outcome: 'ok' },
        detail: { by: 'recover' },
      },
    }));
  }
  return found.length;
}
