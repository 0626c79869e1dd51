import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordId } from '../../core/ids.ts';
import { testDatabase } from '../postgres/test-database.testing.ts';
import { jobQueue, startWorkers } from './job-queue.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const idOf = (at: number) => `00000000-0000-7000-8000-00000000000${at}` as RecordId;

/** What a process leaves that was killed in the middle of a job, so many times. */
async function killedTimes(id: RecordId, times: number): Promise<void> {
  await database.db.transaction().execute((tx) => jobQueue.advance(tx, id));
  await database.pool.query(
    `update graphile_worker._private_jobs set attempts = $2, locked_at = now(), locked_by = 'dead'
      where payload->>'recordId' = $1`,
    [id, times],
  );
}

it('a record whose tries were used up by kills goes on at the next start', async () => {
  await killedTimes(idOf(1), 1);
  await killedTimes(idOf(2), 6);
  await killedTimes(idOf(3), 29);
  await killedTimes(idOf(4), 30);
  const seen: [string, boolean][] = [];
  const workers = await startWorkers({
    ...{ pool: database.pool, concurrency: 2, onError: () => undefined },
    handlers: {
      advance: async (id, { lastAttempt }) => void seen.push([id, lastAttempt]),
      destroyQuarantine: async () => undefined,
      move: async () => undefined,
    },
  });
  for (let waited = 0; waited < 100 && seen.length < 3; waited += 1) await wait(100);
  await wait(300);
  await workers.stop();
  // A failure of the try that is added is final: it ends in quarantine, where it is seen.
  expect(seen.sort()).toEqual([
    [idOf(1), false],
    [idOf(2), true],
    [idOf(3), true],
  ]);
});

it('what has to be destroyed is tried again for as long as its site is away', async () => {
  await database.db.transaction().execute((tx) => jobQueue.destroyQuarantine(tx, idOf(5)));
  const { rows } = await database.pool.query(
    "select max_attempts from graphile_worker._private_jobs where payload->>'recordId' = $1",
    [idOf(5)],
  );
  expect(rows[0].max_attempts).toBeGreaterThan(1000);
});

it('a database that cuts its connections while jobs end neither ends the process nor the queue', async () => {
  const { options } = database.pool;
  const killer = new pg.Pool({ ...options, password: options.password, max: 1 });
  killer.on('error', () => undefined);
  const ids = Array.from({ length: 6 }, (_, at) => `00000000-0000-7000-8000-00000000010${at}`);
  for (const id of ids) {
    await database.db.transaction().execute((tx) => jobQueue.move(tx, id as RecordId));
  }
  const done = new Map<string, number>();
  const failures: unknown[] = [];
  const workers = await startWorkers({
    ...{ pool: database.pool, concurrency: 2 },
    onError: (task, error) => void (task === 'queue' && failures.push(error)),
    handlers: {
      advance: async () => undefined,
      destroyQuarantine: async () => undefined,
      move: async (id) => {
        const times = (done.get(id) ?? 0) + 1;
        done.set(id, times);
        if (times > 1) return;
        // Whoever asks next is given a connection that is dead already.
        await killer.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`,
        );
        if (ids.indexOf(id) % 2 === 0) throw new Error('fails');
      },
    },
  });
  const left = async () => {
    const { rows } = await killer.query(
      `select count(*)::int as n from graphile_worker._private_jobs
        where payload->>'recordId' = any($1)`,
      [ids],
    );
    return rows[0].n as number;
  };
  for (let waited = 0; waited < 300 && (await left()) > 0; waited += 1) await wait(100);
  expect(await left()).toBe(0);
  await workers.stop();
  await killer.end();
  expect([...done.keys()].sort()).toEqual(ids);
}, 60_000);

it('a job that was taken and whose taker never heard of it is free again soon', async () => {
  const id = idOf(6);
  await database.db.transaction().execute((tx) => jobQueue.move(tx, id));
  const { options } = database.pool;
  const pool = new pg.Pool({ ...options, password: options.password });
  pool.on('error', () => undefined);
  let lost = 0;
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = (async (...args: unknown[]) => {
      const answer = (await query(...args)) as { rows?: unknown[] } | undefined;
      const text = typeof args[0] === 'string' ? args[0] : (args[0] as { text: string }).text;
      // Done at the server; the connection breaks before the answer is here.
      if (lost === 0 && text.includes('attempts = jobs.attempts + 1') && answer?.rows?.length) {
        lost += 1;
        throw new Error('Connection terminated unexpectedly');
      }
      return answer;
    }) as typeof client.query;
  });
  const done: string[] = [];
  const workers = await startWorkers({
    ...{ pool, concurrency: 2, onError: () => undefined },
    handlers: {
      advance: async () => undefined,
      destroyQuarantine: async () => undefined,
      move: async (recordId) => void done.push(recordId),
    },
  });
  for (let waited = 0; waited < 150 && done.length === 0; waited += 1) await wait(100);
  await workers.stop();
  await pool.end();
  expect([lost, done]).toEqual([1, [id]]);
}, 60_000);
