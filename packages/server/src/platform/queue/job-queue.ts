import { runMigrations, type TaskList } from 'graphile-worker';
import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import type { Tx } from '../../core/database.ts';
import type { RecordId } from '../../core/ids.ts';
import type { JobQueue } from '../../pipeline/ports.ts';
import { runQueue, silentLogger, unlockJobs } from './run-queue.ts';

/** After this many tries a step's failure is final and the record goes to quarantine. */
export const MOST_ATTEMPTS = 6;
/** A kill counts as a try. A call that took the archive down this often is not begun again. */
const MOST_WITH_KILLS = 30;
/** What has to go goes in the end, however long its site is away: every six hours after the first. */
const MOST_TO_DESTROY = 10_000;

/** Jobs join the caller's transaction; their payload is ids only. */
export const jobQueue: JobQueue = {
  advance: (tx, recordId, afterMs = 0) =>
    addJob(tx, 'advance', { recordId }, MOST_ATTEMPTS, fromNow(afterMs)),
  destroyQuarantine: (tx, recordId, afterMs = 0) =>
    addJob(tx, 'destroy-quarantine', { recordId }, MOST_TO_DESTROY, fromNow(afterMs)),
  move: (tx, recordId) => addJob(tx, 'move', { recordId }, MOST_TO_DESTROY),
};

/** By the database's clock, which is the one that the queue goes by. */
const fromNow = (afterMs: number) => sql<Date>`now() + make_interval(secs => ${afterMs / 1000})`;

async function addJob(
  tx: Tx,
  task: string,
  payload: { recordId: RecordId },
  mostAttempts: number,
  runAt?: RawBuilder<Date>,
): Promise<void> {
  await sql`select graphile_worker.add_job(${task}, payload => ${JSON.stringify(payload)}::json,
    run_at => (${runAt ?? null})::timestamptz, max_attempts => ${mostAttempts})`.execute(tx);
}

export interface JobHandlers {
  advance(recordId: RecordId, attempt: { lastAttempt: boolean }): Promise<void>;
  destroyQuarantine(recordId: RecordId): Promise<void>;
  move(recordId: RecordId): Promise<void>;
}

/** Brings the queue's own tables to their version. */
export async function migrateQueue(pool: pg.Pool): Promise<void> {
  await runMigrations({ pgPool: pool, logger: silentLogger });
}

/**
 * Works the queue with `concurrency` records at a time until `stop`, which waits for what runs.
 * Jobs that a killed process left locked are freed first: the archive's lock says it is alone.
 */
export async function startWorkers(options: {
  pool: pg.Pool;
  concurrency: number;
  handlers: JobHandlers;
  onError(task: string, error: unknown): void;
}): Promise<{ stop(): Promise<void> }> {
  const { pool, handlers } = options;
  await freeLockedJobs(pool);
  const guarded =
    (task: string, work: (recordId: RecordId, last: boolean) => Promise<void>): TaskList[string] =>
    async (payload, helpers) => {
      const { recordId } = payload as { recordId: RecordId };
      try {
        await work(recordId, helpers.job.attempts >= helpers.job.max_attempts);
      } catch (error) {
        options.onError(task, error);
        // What the queue stores of a failure is its kind: messages could hold content.
        throw new Error(error instanceof Error ? error.name : 'failed');
      }
    };
  return runQueue(
    {
      ...{ pgPool: pool, concurrency: options.concurrency },
      taskList: {
        advance: guarded('advance', (id, lastAttempt) => handlers.advance(id, { lastAttempt })),
        move: guarded('move', (id) => handlers.move(id)),
        'destroy-quarantine': guarded('destroy-quarantine', (id) => handlers.destroyQuarantine(id)),
      },
    },
    (error) => options.onError('queue', error),
  );
}

/** Kills may have used up a job's tries: its record would wait for ever, and nobody be told. */
async function freeLockedJobs(pool: pg.Pool): Promise<void> {
  await pool.query(
    `update graphile_worker._private_jobs set max_attempts = attempts + 1
      where attempts >= max_attempts and attempts < $1`,
    [MOST_WITH_KILLS],
  );
  const { rows } = await pool.query(
    'select distinct locked_by from graphile_worker._private_jobs where locked_by is not null',
  );
  await unlockJobs(
    pool,
    rows.map((row: { locked_by: string }) => row.locked_by),
  );
}
