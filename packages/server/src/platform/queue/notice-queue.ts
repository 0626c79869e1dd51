import type { TaskList } from 'graphile-worker';
import { sql } from 'kysely';
import type pg from 'pg';
import type { DeliveryQueue } from '../../notices/ports.ts';
import { runQueue } from './run-queue.ts';

/** What a database that fails in between may use up; how often a receiver is tried the room decides. */
const MOST_ATTEMPTS = 25;
/** One at a time in each channel: a receiver that hangs holds up neither the other nor a record. */
const AT_ONCE = 2;
/** Once a day (UTC); made up for when the archive was down. */
const FORGETTING = '23 19 * * * forget-notices ?fill=1d';

/** Deliveries join the caller's transaction; their payload is an id. */
export const noticeQueue: DeliveryQueue = {
  async deliver(tx, { id, channel }, at) {
    await sql`select graphile_worker.add_job('deliver-notice',
      payload => ${JSON.stringify({ id })}::json, queue_name => ${`notice-${channel}`},
      run_at => ${at ?? null}::timestamptz, max_attempts => ${MOST_ATTEMPTS},
      job_key => ${`notice:${id}`})`.execute(tx);
  },
};

/**
 * Works what leaves the archive, apart from the records' own workers, until `stop`. To be started
 * after these: they free what a killed process left locked.
 */
export async function startNoticeWorkers(options: {
  pool: pg.Pool;
  deliver(id: string): Promise<void>;
  forget(): Promise<void>;
  onError(task: string, error: unknown): void;
}): Promise<{ stop(): Promise<void> }> {
  const guarded =
    (task: string, work: (payload: unknown) => Promise<void>): TaskList[string] =>
    async (payload) => {
      try {
        await work(payload);
      } catch (error) {
        options.onError(task, error);
        // As with records: what the queue stores of a failure is its kind.
        throw new Error(error instanceof Error ? error.name : 'failed');
      }
    };
  return runQueue(
    {
      ...{ pgPool: options.pool, concurrency: AT_ONCE, crontab: FORGETTING },
      taskList: {
        'deliver-notice': guarded('deliver-notice', (payload) =>
          options.deliver((payload as { id: string }).id),
        ),
        'forget-notices': guarded('forget-notices', () => options.forget()),
      },
    },
    (error) => options.onError('queue', error),
  );
}
