import type { Audit, AuditEntry } from '../core/audit.ts';
import type { Db, Tx } from '../core/database.ts';

/**
 * One act and its ledger entry, which commit together; resolves when the entry stands in a signed
 * checkpoint. Without an entry (nothing changed, after all) only the answer. `committed` runs between
 * the two.
 */
export async function act<T>(
  deps: { db: Db; audit: Audit },
  work: (tx: Tx) => Promise<{ entry?: AuditEntry | undefined; answer: T }>,
  committed: () => Promise<void> = async () => undefined,
): Promise<T> {
  const done = await deps.db.transaction().execute(async (tx) => {
    const { entry, answer } = await work(tx);
    const written = entry === undefined ? undefined : await deps.audit.append(tx, entry);
    return { answer, outboxId: written?.outboxId };
  });
  await committed();
  if (done.outboxId !== undefined) await deps.audit.settle(done.outboxId);
  return done.answer;
}
