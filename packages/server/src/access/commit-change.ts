import type { Audit, AuditEntry } from '../core/audit.ts';
import type { Db } from '../core/database.ts';
import type { Seals } from './seals.ts';
import type { ChangeDeps } from './staff-row.ts';

/**
 * One change of accounts or keys: it and its ledger entry commit together, then the archive
 * remembers outside the database which versions count from now on, and resolves when the entry
 * stands in a signed checkpoint. Without an entry (nothing changed, after all) only the answer.
 */
export async function commitChange<T>(
  deps: { db: Db; seals: Seals; audit: Audit },
  work: (tx: ChangeDeps) => Promise<{ entry?: AuditEntry | undefined; answer: T }>,
): Promise<T> {
  const { db, seals, audit } = deps;
  const versions = new Map<string, number>();
  const done = await db.transaction().execute(async (tx) => {
    const { entry, answer } = await work({ db: tx, seals, versions });
    const written = entry === undefined ? undefined : await audit.append(tx, entry);
    return { answer, outboxId: written?.outboxId };
  });
  for (const [rowId, version] of versions) await seals.memory.raise(rowId, version);
  if (done.outboxId !== undefined) await audit.settle(done.outboxId);
  return done.answer;
}
