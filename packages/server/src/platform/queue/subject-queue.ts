import type { TaskList } from 'graphile-worker';
import { sql } from 'kysely';
import type pg from 'pg';
import type { Tx } from '../../core/database.ts';
import type { ClosureDeps } from '../../retire/closures/ports.ts';
import type { SubjectDeps } from '../../retire/requests/ports.ts';
import { runQueue } from './run-queue.ts';

/** What was granted is done in the end, however long the database or the ledger is away. */
const MOST_ATTEMPTS = 10_000;

/** Jobs join the caller's transaction; their payload is an id. Asked for twice, they run once. */
export const subjectQueue: ClosureDeps['queue'] & SubjectDeps['queue'] = {
  walkClosure: (tx, id) => addJob(tx, 'walk-closure', id),
  walkRequest: (tx, id) => addJob(tx, 'walk-request', id),
};

async function addJob(tx: Tx, task: string, id: string): Promise<void> {
  await sql`select graphile_worker.add_job(${task}, payload => ${JSON.stringify({ id })}::json,
    max_attempts => ${MOST_ATTEMPTS}, job_key => ${`${task}:${id}`})`.execute(tx);
}

/**
 * Works what persons and closed accounts ask for, one after the other, apart from the records' own workers,
 * until `stop`. To be started after these: they free what a killed process left locked.
 */
export async function startSubjectWorkers(options: {
  pool: pg.Pool;
  walkClosure(id: string): Promise<void>;
  walkRequest(id: string): Promise<void>;
  onError(task: string, error: unknown): void;
}): Promise<{ stop(): Promise<void> }> {
  const guarded =
    (task: string, work: (id: string) => Promise<void>): TaskList[string] =>
    async (payload) => {
      try {
        await work((payload as { id: string }).id);
      } catch (error) {
        options.onError(task, error);
        // As with records: what the queue stores of a failure is its kind.
        throw new Error(error instanceof Error ? error.name : 'failed');
      }
    };
  return runQueue(
    {
      ...{ pgPool: options.pool, concurrency: 1 },
      taskList: {
        'walk-closure': guarded('walk-closure', options.walkClosure),
        'walk-request': guarded('walk-request', options.walkRequest),
      },
    },
    (error) => options.onError('queue', error),
  );
}
