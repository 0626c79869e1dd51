import { createHash } from 'node:crypto';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { dayOf, formatDay } from '../../core/zone.ts';
import { type DueRecord, dueRecords } from './due-records.ts';
import type { Officer, RunDeps } from './ports.ts';
import { disposalError } from './run-error.ts';

/** A list that is longer goes in several runs. */
export const MOST_IN_A_RUN = 10_000;
const DAY_MS = 86_400_000;
const TO_DECIDE_MS = 7 * DAY_MS;

/**
 * Proposes what is due, or those of `recordIds` alone. Few that the archive itself finds due need nobody's
 * approval and begin at once; more, and whatever a person proposes, wait for two approvers. Resolves to the run's id, or to undefined
 * when nothing is due and nobody asked. Rejects with DISPOSAL_NOTHING_DUE, and with DISPOSAL_NOT_DUE naming the
 * first chosen record that may not go.
 */
export async function proposeRun(
  deps: RunDeps,
  {
    officer,
    recordIds,
    requestId,
  }: { officer?: Officer; recordIds?: readonly string[]; requestId?: string },
): Promise<string | undefined> {
  if (officer !== undefined && officer.personRef === undefined) {
    throw disposalError('PERSON_UNKNOWN', 'the account names no person');
  }
  const now = deps.clock.now();
  const asOf = formatDay(dayOf(deps.timeZone, now));
  const done = await deps.db.transaction().execute(async (tx) => {
    const due = await dueRecords(tx, asOf, {
      limit: MOST_IN_A_RUN,
      ...(recordIds === undefined ? {} : { among: recordIds }),
    });
    const missing = recordIds?.find((id) => !due.some((one) => one.recordId === id));
    if (missing !== undefined) {
      throw disposalError('DISPOSAL_NOT_DUE', `record ${missing} may not go`, 'body/recordIds');
    }
    if (due.length === 0) return undefined;
    return insertRun(deps, tx, {
      due,
      asOf,
      now,
      chosen: recordIds !== undefined,
      officer,
      requestId,
    });
  });
  if (done === undefined) {
    if (officer === undefined) return undefined;
    throw disposalError('DISPOSAL_NOTHING_DUE', 'no record may go today');
  }
  await deps.audit.settle(done.outboxId);
  return done.id;
}

async function insertRun(
  deps: RunDeps,
  tx: Tx,
  given: {
    due: readonly DueRecord[];
    asOf: string;
    now: Date;
    chosen: boolean;
    officer: Officer | undefined;
    requestId: string | undefined;
  },
): Promise<{ id: string; outboxId: string }> {
  const { due, asOf, now, chosen, officer, requestId } = given;
  const id = newUuidV7(deps.clock, deps.random);
  const decideBy = new Date(now.getTime() + TO_DECIDE_MS);
  const alone = officer === undefined && (await fitsAlone(deps, tx, due.length, now));
  const digest = digestOfRecords(due.map((one) => one.recordId));
  const canonical = canonicalJson({
    ...{ format: 'voxkeep/disposal-run/v1', archiveId: deps.archiveId, runId: id },
    ...{ kind: chosen ? 'chosen' : 'due', asOf, records: due.length, digest },
    ...(officer === undefined
      ? {}
      : { proposer: { account: officer.actorId, role: officer.role, person: officer.personRef } }),
    decideBy: decideBy.toISOString(),
  });
  await tx
    .insertInto('disposal_run')
    .values({
      ...{ id, kind: chosen ? 'chosen' : 'due', state: alone ? 'approved' : 'proposed' },
      ...{ as_of: asOf, records: due.length, canonical: alone ? null : canonical },
      ...{ proposed_by: officer?.actorId ?? ARCHIVE_ACTOR.id, person: officer?.personRef ?? null },
      ...{ proposed_at: now, decide_by: decideBy },
    })
    .execute();
  const rows = due.map(({ recordId, ground, rule, tier }) => ({
    ...{ run_id: id, record_id: recordId, ground, rule, tier, state: 'planned' },
  }));
  const ROWS_A_STATEMENT = 1000;
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
    await tx
      .insertInto('disposal_item')
      .values(rows.slice(at, at + ROWS_A_STATEMENT))
      .execute();
  }
  if (!alone) {
    await deps.notices.tell(tx, {
      to: { roles: ['approver'], ...(officer === undefined ? {} : { except: [officer.actorId] }) },
      ...{ kind: 'disposal.proposed', severity: 'action', resource: id },
      detail: { records: due.length },
    });
  }
  const written = await deps.audit.append(tx, {
    actor: officer === undefined ? ARCHIVE_ACTOR : { id: officer.actorId, role: officer.role },
    ...{ action: 'disposal.propose', resource: id, outcome: 'ok' },
    ...(requestId === undefined ? {} : { requestId }),
    detail: { records: due.length, asOf, digest, alone },
  });
  return { id, outboxId: written.outboxId };
}

/**
 * Whether so many more may go without anybody's word. What waits for a decision counts, and what went alone
 * within a day: a long list that is cut into short ones is a long list.
 */
async function fitsAlone(deps: RunDeps, tx: Tx, records: number, now: Date): Promise<boolean> {
  const { others } = await tx
    .selectFrom('disposal_run')
    .select(({ fn }) => fn.sum<string | null>('records').as('others'))
    .where(({ or, and, eb }) =>
      or([
        eb('state', '=', 'proposed'),
        and([
          eb('canonical', 'is', null),
          eb('proposed_at', '>', new Date(now.getTime() - DAY_MS)),
        ]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return Number(others ?? 0) + records <= deps.mostAlone;
}

/** What approvers sign for: a letter, then the hex SHA-256 of the sorted ids, a line each. */
export const digestOfRecords = (recordIds: readonly string[]): string =>
  `r${createHash('sha256')
    .update(
      recordIds
        .toSorted()
        .map((id) => `${id}\n`)
        .join(''),
    )
    .digest('hex')}`;
