import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Counter, Gauge, type Registry } from 'prom-client';
import { type DropEvent, startDrop } from '../intake/drop/index.ts';
import type { IntakeDeps } from '../intake/receive-record.ts';
import type { EventLog } from '../platform/log/logger.ts';
import type { IntakePort } from '../serve/ports.ts';
import type { Config } from './config.ts';

const POLL_MS = 1000;
/** Beside what comes over HTTP. */
const CONCURRENCY = 2;

/**
 * Watches the drop folder, with its events in log and metrics; resolves to how to stop. The default
 * folder is made. One that was configured is not: it could be a drive that is not mounted yet.
 */
export async function watchDrop(
  config: Config,
  deps: {
    intake: IntakeDeps;
    parseVcon: IntakePort['parseVcon'];
    log: EventLog;
    registry: Registry;
  },
): Promise<() => Promise<void>> {
  const { intake, parseVcon, log, registry } = deps;
  if (config.drop === join(config.data, 'drop')) await mkdir(config.drop, { recursive: true });
  const events = new Counter({
    name: 'voxkeep_drop_events_total',
    help: 'What happened at the drop folder: taken, archived, refused, left, waiting, failed',
    labelNames: ['kind', 'code'],
    registers: [registry],
  });
  const drop = startDrop(
    {
      ...{ intake, parseVcon, folder: config.drop, concurrency: CONCURRENCY },
      settleMs: config.dropSettleMs,
      reportAfterMs: config.dropReportMinutes * 60_000,
      report(event) {
        events.inc({ kind: event.kind, code: 'code' in event ? event.code : '' });
        note(log, event);
      },
    },
    POLL_MS,
  );
  new Gauge({
    name: 'voxkeep_drop_calls',
    help: 'Calls in the drop folder: being sent in, waiting to be archived; files waiting too long',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { taking, pending, waiting } = drop.counts();
      for (const [state, count] of Object.entries({ taking, pending, waiting })) {
        this.set({ state }, count);
      }
    },
  });
  new Gauge({
    name: 'voxkeep_drop_reachable',
    help: '1 while the drop folder can be read',
    registers: [registry],
    collect() {
      this.set(drop.counts().reachable ? 1 : 0);
    },
  });
  return () => drop.stop();
}

function note(log: EventLog, event: DropEvent): void {
  switch (event.kind) {
    case 'taken':
      return log.info('drop: call taken', { recordId: event.recordId, bytes: event.bytes });
    case 'archived':
      return log.info('drop: archived, source removed', { recordId: event.recordId });
    case 'refused': {
      const { code, recordId } = event;
      const id = recordId === undefined ? {} : { recordId };
      return log.warn('drop: refused, source removed', { code, ...id });
    }
    case 'left':
      return log.warn('drop: left where it is', { code: event.code, reason: event.name });
    case 'waiting': {
      const reason = `${event.name}: ${event.missing} missing`;
      return log.warn('drop: file waits', { code: 'DROP_INCOMPLETE', reason });
    }
    case 'failed':
      return log.warn('drop: will be tried again', { code: event.code, reason: event.name });
    case 'unreachable':
      return log.error('drop: folder cannot be read', { code: event.code });
    case 'reachable':
      return log.info('drop: folder is back');
  }
}
