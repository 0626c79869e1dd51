import { type Actor, ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { halfDigest } from '../../core/plain-facts.ts';
import { auditError } from './audit-error.ts';
import type { AuditDeps } from './ports.ts';

type Begin = Pick<AuditDeps, 'db' | 'clock' | 'random' | 'audit' | 'queue'>;

/**
 * Begins an audit of the archive as it is now; it goes on behind the answer. Resolves to its id. Rejects
 * with AUDIT_RUNNING while one goes on.
 */
export async function beginAudit(deps: Begin, actor: Actor, requestId?: string): Promise<string> {
  const { id, outboxId } = await deps.db.transaction().execute(async (tx) => {
    await demandNoneRuns(tx);
    const begun = await insertRun(deps, tx, { by: actor.id, scheduledFor: null });
    const written = await deps.audit.append(tx, {
      ...{ actor, action: 'audit.run', resource: begun, outcome: 'ok' },
      ...(requestId === undefined ? {} : { requestId }),
      detail: { begun: true },
    });
    return { id: begun, outboxId: written.outboxId };
  });
  await deps.audit.settle(outboxId);
  return id;
}

/** The same by schedule, once for a month ('YYYY-MM') whoever comes first; undefined for those after. */
export async function beginScheduled(deps: Begin, month: string): Promise<string | undefined> {
  return deps.db.transaction().execute(async (tx) => {
    await lockRuns(tx);
    const known = await tx
      .selectFrom('audit_run')
      .select('id')
      .where((is) => is.or([is('scheduled_for', '=', month), is('ended_at', 'is', null)]))
      .executeTakeFirst();
    if (known !== undefined) return undefined;
    const id = await insertRun(deps, tx, { by: ARCHIVE_ACTOR.id, scheduledFor: month });
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'audit.run', resource: id, outcome: 'ok' },
      detail: { begun: true, month },
    });
    return id;
  });
}

async function demandNoneRuns(tx: Tx): Promise<void> {
  await lockRuns(tx);
  const running = await tx
    .selectFrom('audit_run')
    .select('id')
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (running === undefined) return;
  throw auditError('AUDIT_RUNNING', 'an audit goes on; wait for its end', { retry: 'later' });
}

/** Of two at once the second sees what the first began. */
const lockRuns = (tx: Tx) =>
  tx
    .selectNoFrom(({ fn, val }) =>
      fn('pg_advisory_xact_lock', [fn('hashtext', [val('audit_run')])]).as('held'),
    )
    .execute();

async function insertRun(
  { clock, random, queue }: Begin,
  tx: Tx,
  { by, scheduledFor }: { by: string; scheduledFor: string | null },
): Promise<string> {
  const now = clock.now();
  const id = newUuidV7(clock, random);
  await tx
    .insertInto('audit_run')
    .values({
      ...{ id, begun_by: by, scheduled_for: scheduledFor, as_of: now, started_at: now },
      seed: halfDigest(random.bytes(32).toString('hex')),
      ...{ ended_at: null, outcome: null, figures: null, report_key: null, report_sha256: null },
    })
    .execute();
  await queue.work(tx, id);
  return id;
}
