import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ARCHIVE_ACTOR, type Audit } from '../../core/audit.ts';
import type { Db } from '../../core/database.ts';
import type { RecoveryReport } from './recover-archive.ts';

/** Puts on the ledger, once, that this archive was rebuilt, from where, and what it lacks. */
export async function noteRebuilt(deps: { db: Db; audit: Audit }, data: string): Promise<void> {
  const file = join(data, 'run/rebuilt.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const report = JSON.parse(text) as RecoveryReport;
  const { from, records, changes, gaps, unavailable, unknownRecords } = report;
  const { outboxId } = await deps.db.transaction().execute((tx) =>
    deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'archive.rebuild', outcome: 'ok', resource: from },
      detail: {
        ...{ records, changes, gaps: gaps.length, unknownRecords },
        unavailable: Object.values(unavailable).reduce((sum, count) => sum + count, 0),
      },
    }),
  );
  await deps.audit.settle(outboxId);
  await rm(file);
}
