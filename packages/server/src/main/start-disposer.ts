import { setTimeout as pause } from 'node:timers/promises';
import { errorKind } from '../core/error-kind.ts';
import { nextTimeOfDay } from '../core/zone.ts';
import { settleDestructions } from '../pipeline/disposal/settle-destructions.ts';
import { type RunWork, workRun } from '../pipeline/disposal/work-run.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { proposeRun, type RunDeps } from '../retire/disposal/index.ts';

const LOOK_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
/** After a run that could not be begun. */
const AFTER_FAILURE_MS = 60_000;

export interface Disposer {
  /** Looks now: a run was approved. */
  wake(): void;
  /** Proposes what is due now, not only at the hour: what was put off may go. Not where that is off. */
  askAgain(): void;
  /** When it looks next for what is due. */
  nextLook(): Date | undefined;
  stop(): Promise<void>;
}

/**
 * Works the runs that were approved, destroys at the sites what is still to be destroyed there, and at the daily
 * hour proposes what is due. A stop waits for the record under way; all of it goes on at the next start.
 */
export function startDisposer(
  deps: RunDeps & Omit<RunWork, 'paced'>,
  settings: { at: string; perMinute: number },
  log: EventLog,
): Disposer {
  const stopped = new AbortController();
  const { signal } = stopped;
  let wake: (() => void) | undefined;
  let last = deps.clock.now();
  let again = false;
  /** Somebody asked while it was at work: what they asked for may have come after it looked. */
  let woken = false;
  const failed = new Map<string, number>();
  const paced = pacedBy(settings.perMinute, signal);
  const [hour = 0, minute = 0] = settings.at.split(':').map(Number);
  const nextLook = () =>
    settings.at === 'none' ? undefined : nextTimeOfDay(deps.timeZone, last, { hour, minute });

  async function look(): Promise<void> {
    const due = nextLook();
    if (due !== undefined && (again || due <= deps.clock.now())) {
      again = false;
      last = deps.clock.now();
      if (!(await waitsForApproval(deps))) await proposeRun(deps, {});
    }
    const runs = await deps.db
      .selectFrom('disposal_run')
      .select('id')
      .where('state', 'in', ['approved', 'running'])
      .orderBy('id')
      .execute();
    for (const { id } of runs) {
      if (signal.aborted) return;
      if ((failed.get(id) ?? 0) > performance.now()) continue;
      try {
        const { disposed, kept } = await workRun({ ...deps, paced }, id, signal);
        if (disposed > 0) log.info('records disposed of', { count: disposed });
        if (kept > 0) log.info('records of a run kept', { count: kept });
      } catch (error) {
        failed.set(id, performance.now() + AFTER_FAILURE_MS);
        log.error('a run of disposals failed', { kind: errorKind(error) });
      }
    }
    const { destroyed, left } = await settleDestructions(deps, { signal });
    if (destroyed > 0) log.info('destroyed at sites', { count: destroyed });
    if (left > 0) log.warn('not destroyed at a site yet', { count: left });
  }
  const work = (async () => {
    // Whenever it was that it looked last: what became due while it was down is due.
    last = (await lastLook(deps).catch(() => undefined)) ?? last;
    while (!signal.aborted) {
      woken = false;
      await look().catch((error: unknown) =>
        log.warn('disposals failed', { kind: errorKind(error) }),
      );
      if (signal.aborted) break;
      if (woken) continue;
      await new Promise<void>((done) => {
        wake = done;
        setTimeout(done, LOOK_EVERY_MS).unref();
      });
    }
  })();
  return {
    nextLook,
    wake() {
      woken = true;
      wake?.();
    },
    askAgain() {
      again = true;
    },
    async stop() {
      stopped.abort();
      wake?.();
      await work;
    },
  };
}

async function lastLook({ db }: Pick<RunDeps, 'db'>): Promise<Date | undefined> {
  const row = await db
    .selectFrom('disposal_run')
    .select('proposed_at')
    .where('proposed_by', '=', 'archive')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.proposed_at;
}

/** Of its own lists one at a time waits; one that nobody decided on in time makes room for another. */
async function waitsForApproval({ db, clock }: Pick<RunDeps, 'db' | 'clock'>): Promise<boolean> {
  const now = clock.now();
  await db
    .updateTable('disposal_run')
    .set({ state: 'stopped', ended_at: now })
    .where('state', '=', 'proposed')
    .where('decide_by', '<=', now)
    .execute();
  const waiting = await db
    .selectFrom('disposal_run')
    .select('id')
    .where('state', '=', 'proposed')
    .where('proposed_by', '=', 'archive')
    .limit(1)
    .executeTakeFirst();
  return waiting !== undefined;
}

/** So many a minute, evenly. */
function pacedBy(perMinute: number, signal: AbortSignal): () => Promise<void> {
  const apartMs = MINUTE_MS / perMinute;
  let next = performance.now();
  return async () => {
    const now = performance.now();
    next = Math.max(next, now);
    const waitMs = next - now;
    next += apartMs;
    if (waitMs > 1) await pause(waitMs, undefined, { signal }).catch(() => undefined);
  };
}
