import { createHmac } from 'node:crypto';
import type { AuditCheckId, AuditFindingView, AuditSubjectKind } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { Actor } from '../../core/audit.ts';
import type { Queryable } from '../../core/database.ts';
import { isUuid, type RecordId } from '../../core/ids.ts';
import type { AuditTables } from '../../core/tables/audits.ts';
import { auditError } from './audit-error.ts';
import { DAY_MS } from './check.ts';
import { markOf } from './finding-rows.ts';
import type { AuditDeps } from './ports.ts';
import { runCheck } from './run-check.ts';
import { findingView, runRow } from './views.ts';

type FindingRow = Selectable<AuditTables['audit_finding']>;
/** For how long the first person's word waits for the second's, and for how long both count. */
const WAITS_MS = 7 * DAY_MS;
const COUNTS_MS = 366 * DAY_MS;

export interface Acceptance {
  actor: Actor;
  /** Who it is, whichever account is used. */
  person: string;
  reason: string;
  requestId: string;
}

/**
 * Accepts a finding as it is: when a second person says so too, for a year. The reason is that of who asked
 * first. Rejects with FINDING_UNKNOWN, FINDING_NOT_OPEN.
 */
export async function acceptFinding(
  deps: AuditDeps,
  id: string,
  { actor, person, reason, requestId }: Acceptance,
): Promise<AuditFindingView> {
  const now = deps.clock.now();
  const { outboxId } = await deps.db.transaction().execute(async (tx) => {
    const row = await findingRow(tx, id, true);
    demandOpen(row);
    const fresh = row.asked_at !== null && row.asked_at.getTime() > now.getTime() - WAITS_MS;
    const second = fresh && row.asked_person !== person && row.asked_by !== actor.id;
    const change = second
      ? {
          ...{ state: 'accepted', state_at: now, accepted_by: actor.id },
          accepted_until: new Date(now.getTime() + COUNTS_MS),
        }
      : {
          ...{ asked_by: actor.id, asked_person: person, asked_at: now },
          sealed_reason: deps.texts.seal(id, Buffer.from(reason)),
        };
    // Whoever asked first stays so while that counts: nobody takes the first one's place to be their own second.
    if (second || !fresh) {
      await tx.updateTable('audit_finding').set(change).where('id', '=', id).execute();
    }
    const commitment = createHmac('sha256', deps.commitmentKey)
      .update(`${requestId}\0${reason}`)
      .digest('hex');
    return deps.audit.append(tx, {
      ...{ actor, action: 'audit.accept', resource: id, outcome: 'ok', requestId },
      purpose: { category: 'audit', commitment },
      detail: {
        ...{ run: row.run_id, check: row.check_id, code: row.code },
        state: second ? 'done' : 'awaits-second-person',
      },
    });
  });
  await deps.audit.settle(outboxId);
  return findingView(deps, await findingRow(deps.db, id));
}

/**
 * Runs the finding's check again, as of now: fixed when the same is not found. Rejects with FINDING_UNKNOWN,
 * FINDING_NOT_OPEN, and FINDING_NOT_RETESTED when the check could not run.
 */
export async function retestFinding(
  deps: AuditDeps,
  id: string,
  { actor, requestId }: Pick<Acceptance, 'actor' | 'requestId'>,
): Promise<AuditFindingView> {
  const row = await findingRow(deps.db, id);
  demandOpen(row);
  const run = await runRow(deps.db, row.run_id);
  const check = row.check_id as AuditCheckId;
  const only = recordOf(row);
  const moment = {
    asOf: deps.clock.now(),
    seed: run.seed,
    ...(only === undefined ? {} : { only }),
  };
  const subject = { id: check, check: deps.checks[check] };
  const end = await runCheck(deps.sources, subject, moment, new AbortController().signal);
  if (end.outcome === 'not-run') {
    const message = `check ${check} did not run: ${end.code}`;
    throw auditError('FINDING_NOT_RETESTED', message, { retry: 'later' });
  }
  const still = end.findings.some((found) => markOf(check, found) === row.mark);
  const { outboxId } = await deps.db.transaction().execute(async (tx) => {
    const now = deps.clock.now();
    demandOpen(await findingRow(tx, id, true));
    if (!still) {
      // The same in every run in which it was open.
      await tx
        .updateTable('audit_finding')
        .set({ state: 'fixed', state_at: now })
        .where('mark', '=', row.mark)
        .where('state', '=', 'open')
        .execute();
    }
    return deps.audit.append(tx, {
      ...{ actor, action: 'audit.retest', resource: id, requestId },
      outcome: still ? 'failed' : 'ok',
      detail: { run: row.run_id, check, code: row.code },
    });
  });
  await deps.audit.settle(outboxId);
  return findingView(deps, await findingRow(deps.db, id));
}

/** The record that a sample has to be of. */
function recordOf({ subject_kind, subject, detail }: FindingRow): RecordId | undefined {
  const kind = subject_kind as AuditSubjectKind;
  const id = kind === 'record' ? subject : detail['record'];
  return typeof id === 'string' && isUuid(id) ? (id as RecordId) : undefined;
}

function demandOpen({ state }: FindingRow): void {
  if (state === 'open') return;
  throw auditError('FINDING_NOT_OPEN', `the finding is ${state}`, { field: 'id' });
}

async function findingRow(db: Queryable, id: string, lock = false): Promise<FindingRow> {
  const query = db.selectFrom('audit_finding').selectAll().where('id', '=', id);
  const row = isUuid(id) ? await (lock ? query.forUpdate() : query).executeTakeFirst() : undefined;
  if (row === undefined) {
    throw auditError('FINDING_UNKNOWN', 'there is no such finding', { field: 'id' });
  }
  return row;
}
