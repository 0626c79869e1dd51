import { sql } from 'kysely';
import type pg from 'pg';
import type { AuditQueue } from '../../inspect/audit/ports.ts';
import { runQueue } from './run-queue.ts';

/** A kill counts as a try; what takes the archive down is a check, and the audit gives that one up itself. */
const MOST_ATTEMPTS = 10_000;

/** An audit's work joins the transaction that begins it. */
export const auditQueue: AuditQueue = {
  async work(tx, runId) {
    await sql`select graphile_worker.add_job('audit', payload => ${JSON.stringify({ runId })}::json,
      max_attempts => ${MOST_ATTEMPTS}, job_key => ${`audit:${runId}`})`.execute(tx);
  },
};

/**
 * Works audits, one at a time and apart from the records' own workers, until `stop`. To be started after
 * these: they free what a killed process left locked.
 */
export async function startAuditWorkers(options: {
  pool: pg.Pool;
  work(runId: string): Promise<void>;
  onError(task: string, error: unknown): void;
}): Promise<{ stop(): Promise<void> }> {
  return runQueue(
    {
      ...{ pgPool: options.pool, concurrency: 1 },
      taskList: {
        audit: async (payload) => {
          try {
            await options.work((payload as { runId: string }).runId);
          } catch (error) {
            options.onError('audit', error);
            // As with records: what the queue stores of a failure is its kind.
            throw new Error(error instanceof Error ? error.name : 'failed');
          }
        },
      },
    },
    (error) => options.onError('queue', error),
  );
}
