import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Logger,
  makeWorkerUtils,
  type Runner,
  type RunnerOptions,
  run,
  type WorkerPool,
} from 'graphile-worker';
import type pg from 'pg';

const AGAIN_AFTER_MS = 1000;

export const silentLogger = new Logger(() => () => undefined);

/**
 * Works the queue until `stop`, which waits for what runs. A database that goes away in the midst ends nothing:
 * a runner that cannot write down how a job ended gives up, and one whose call for a job broke is ended, as it may hold
 * a job that it never heard of. Another one takes its place at once, and what that one still held is free again when
 * its last job has ended.
 */
export async function runQueue(
  options: RunnerOptions & { pgPool: pg.Pool },
  onError: (error: unknown) => void,
): Promise<{ stop(): Promise<void> }> {
  const runners = new Set<{ runner: Runner; ended: Promise<void> }>();
  const stopping = new AbortController();
  const { signal } = stopping;
  let next = Promise.resolve();

  async function launch(): Promise<void> {
    const events: RunnerOptions['events'] = new EventEmitter();
    let pool: WorkerPool | undefined;
    events?.once('pool:create', ({ workerPool }) => {
      pool = workerPool;
    });
    events?.once('pool:gracefulShutdown', () => {
      if (!signal.aborted) next = repeat(launch);
    });
    // Where the ends of two jobs could not be written down, the runner's own promise stays open for ever.
    const idle = new Promise<void>((done) => {
      for (const end of ['complete', 'error'] as const) {
        events?.once(`pool:gracefulShutdown:${end}`, () => done());
      }
    });
    const over = new AbortController();
    events?.once('worker:getJob:error', () => over.abort());
    const runner = await run({
      ...options,
      ...{ events, logger: silentLogger, pollInterval: 1000, noHandleSignals: true },
      // Without a batch, a job whose end cannot be written down ends the process (nobody awaits it).
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
    const one = {
      runner,
      ended: Promise.race([runner.promise.catch(onError), idle]).then(async () => {
        runners.delete(one);
        if (pool !== undefined && !signal.aborted) await repeat(() => free(pool?.id ?? ''));
      }),
    };
    runners.add(one);
    // It rejects where that runner gives up by itself.
    const end = () => void runner.stop().catch(() => undefined);
    if (over.signal.aborted) end();
    else over.signal.addEventListener('abort', end);
  }

  /** Until it succeeds, or is stopped. */
  async function repeat(work: () => Promise<void>): Promise<void> {
    for (;;) {
      await sleep(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        return await work();
      } catch (error) {
        onError(error);
      }
    }
  }

  async function free(lockedBy: string): Promise<void> {
    await unlockJobs(options.pgPool, [lockedBy]);
  }

  await launch();
  return {
    async stop() {
      stopping.abort();
      await next;
      await Promise.all(
        [...runners].map(async ({ runner, ended }) => {
          // It rejects where that runner is at its end already.
          await runner.stop().catch(() => undefined);
          await ended;
        }),
      );
    },
  };
}

/** Jobs that workers hold which are no more. */
export async function unlockJobs(pgPool: pg.Pool, workers: string[]): Promise<void> {
  if (workers.length === 0) return;
  const tools = await makeWorkerUtils({ pgPool, logger: silentLogger });
  try {
    await tools.forceUnlockWorkers(workers);
  } finally {
    await tools.release();
  }
}
