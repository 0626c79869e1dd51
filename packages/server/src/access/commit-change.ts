import type { Audit, AuditEntry } from '../core/audit.ts';
import type { Db } from '../core/database.ts';
import { act } from './act.ts';
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
  const { seals } = deps;
  const versions = new Map<string, number>();
  return act(
    deps,
    (tx) => work({ db: tx, seals, versions }),
    async () => {
      for (const [rowId, version] of versions) await seals.memory.raise(rowId, version);
    },
  );
}
