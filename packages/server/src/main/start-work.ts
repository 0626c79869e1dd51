import { errorKind } from '../core/error-kind.ts';
import { advanceRecord } from '../pipeline/advance-record.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import { destroyQuarantine } from '../pipeline/destroy-quarantine.ts';
import { moveRecord } from '../pipeline/move-record.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { startWorkers } from '../platform/queue/job-queue.ts';
import type { Metrics } from '../serve/routes/health-routes.ts';
import type { Closers } from './closers.ts';
import { type Config, SITE_NAMES } from './config.ts';
import { startCopier } from './start-copier.ts';
import { type Placer, startPlacer } from './start-placer.ts';
import { type Scrubber, startScrubber } from './start-scrubber.ts';

/**
 * Starts workers over the queue, the copier, what brings copies to where they are wanted, and the walks over
 * copies, which can be begun by hand too.
 */
export async function startWork(
  pipeline: PipelineDeps,
  config: Config,
  more: {
    pool: Parameters<typeof startWorkers>[0]['pool'];
    metrics: Metrics;
    log: EventLog;
    closers: Closers;
  },
): Promise<{ scrubber: Scrubber; placer: Placer }> {
  const { pool, metrics, log, closers } = more;
  const workers = await startWorkers({
    ...{ pool, concurrency: config.workers },
    handlers: {
      async advance(recordId, attempt) {
        const onStep = (state: string, ms: number) => metrics.step(state, ms);
        const state = await advanceRecord(pipeline, recordId, attempt, onStep);
        if (state === 'quarantined') log.warn('record quarantined', { recordId });
      },
      destroyQuarantine: async (recordId) => void (await destroyQuarantine(pipeline, recordId)),
      move: (recordId) => moveRecord(pipeline, recordId),
    },
    onError: (task, error) => log.error('job failed', { task, kind: errorKind(error) }),
  });
  closers.add(() => workers.stop());
  closers.add(startCopier(pipeline, log));
  const settings = {
    ...{ lightHours: config.scrubLightHours, deepDays: config.scrubDeepDays },
    mebibytesPerSecond: config.scrubRate,
  };
  const scrubber = startScrubber(pipeline, SITE_NAMES, settings, log);
  closers.add(() => scrubber.stop());
  const placer = startPlacer(pipeline, { mebibytesPerSecond: config.scrubRate }, log);
  closers.add(() => placer.stop());
  return { scrubber, placer };
}
