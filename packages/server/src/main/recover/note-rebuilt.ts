import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ARCHIVE_ACTOR, type Audit } from '../../core/audit.ts';
import type { Db } from '../../core/database.ts';
import type { Sequencer } from '../../ledger/index.ts';
import type { RecoveryReport } from './recover-archive.ts';

const fileIn = (data: string) => join(data, 'run/rebuilt.json');

/** The archive was rebuilt, and has not served since. */
export const isRebuilt = (data: string): boolean => existsSync(fileIn(data));

/** Puts on the ledger, once, that this archive was rebuilt, from where, under which log, and what it lacks. */
export async function noteRebuilt(
  deps: { db: Db; audit: Audit; sequencer: Pick<Sequencer, 'log'> },
  data: string,
): Promise<void> {
  const file = fileIn(data);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const report = JSON.parse(text) as RecoveryReport;
  const { from, records, changes, gaps, unavailable, unknownRecords } = report;
  const { outboxId } = await deps.db.transaction().execute((tx) =>
    deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'archive.rebuild', outcome: 'ok', resource: from },
      detail: {
        ...{ records, changes, gaps: gaps.length, unknownRecords },
        log: deps.sequencer.log().origin,
        unavailable: Object.values(unavailable).reduce((sum, count) => sum + count, 0),
      },
    }),
  );
  await deps.audit.settle(outboxId);
  await rm(file);
}
