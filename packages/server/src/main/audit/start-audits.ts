import type { Clock } from '../../core/clock.ts';
import { errorKind } from '../../core/error-kind.ts';
import {
  type AuditDeps,
  type AuditSchedule,
  beginScheduled,
  nextAudit,
  workAudit,
} from '../../inspect/audit/index.ts';
import type { EventLog } from '../../platform/log/logger.ts';
import { startAuditWorkers } from '../../platform/queue/audit-queue.ts';

const LOOK_EVERY_MS = 60_000;
type Pool = Parameters<typeof startAuditWorkers>[0]['pool'];

/**
 * Works audits, and begins the month's when it is due. One that is under way when the archive closes is
 * broken off, and goes on at its next start.
 */
export async function startAudits(
  deps: AuditDeps,
  {
    pool,
    clock,
    schedule,
    log,
  }: { pool: Pool; clock: Clock; schedule: AuditSchedule; log: EventLog },
): Promise<() => Promise<void>> {
  const closing = new AbortController();
  const workers = await startAuditWorkers({
    pool,
    work: async (runId) => {
      try {
        await workAudit(deps, runId, closing.signal);
      } catch (error) {
        if (!closing.signal.aborted) throw error;
        // A failed try would come again the later the more there were; this one comes at the next start.
        await deps.db.transaction().execute((tx) => deps.queue.work(tx, runId));
      }
    },
    onError: (task, error) => {
      if (!closing.signal.aborted) log.error('job failed', { task, kind: errorKind(error) });
    },
  });
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    const next = await nextAudit(deps.db, schedule, clock.now());
    if (next !== undefined && next.at <= clock.now()) await beginScheduled(deps, next.month);
  };
  const timer = setInterval(() => {
    looking = looking
      .then(look)
      .catch((error: unknown) => log.warn('audits', { kind: errorKind(error) }));
  }, LOOK_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    closing.abort();
    await looking;
    await workers.stop();
  };
}
