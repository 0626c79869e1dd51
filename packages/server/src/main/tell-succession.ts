import type { Db } from '../core/database.ts';
import type { Notices, Telling } from '../core/notices.ts';
import { lastSuccession } from '../ledger/index.ts';
import { wasTold } from '../notices/index.ts';

/**
 * Tells administrators, auditors and compliance, once, that the ledger goes on under another name: what
 * they were shown of it before may be lost, and its verifier key is another.
 */
export async function tellSuccession({ db, notices }: { db: Db; notices: Notices }): Promise<void> {
  const succession = await lastSuccession(db);
  if (succession === undefined) return;
  const telling: Telling = {
    ...{ to: { roles: ['admin', 'auditor', 'compliance'] }, kind: 'ledger.alarm' },
    ...{ severity: 'alarm', resource: succession.origin, detail: { code: 'LEDGER_SUCCEEDED' } },
  };
  await db.transaction().execute(async (tx) => {
    if (await wasTold(tx, telling, new Date(0))) return;
    await notices.tell(tx, telling);
  });
}
