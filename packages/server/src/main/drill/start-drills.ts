import { join } from 'node:path';
import type { DrillKind } from '@voxkeep/contract';
import type pg from 'pg';
import { ARCHIVE_ACTOR, type Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import { errorKind } from '../../core/error-kind.ts';
import { ArchiveError } from '../../core/errors.ts';
import { type BehindAt, behindAt } from '../../journal/index.ts';
import type { EventLog } from '../../platform/log/logger.ts';
import type { DrillOrder, DrillProgress } from './drill-order.ts';
import {
  beginDrill,
  type DrillEnd,
  type DrillRow,
  drillsWithoutEnd,
  endDrill,
} from './drill-rows.ts';
import { judgeDrill } from './judge-drill.ts';
import type { runDrillProgram } from './run-program.ts';
import { removeScratch, scratchesOf } from './scratch-folder.ts';

const LOOK_EVERY_MS = 60_000;
/** Any two constants: one drill at a time over a database. */
const DRILL_LOCK = [7_320_114, 76];

export interface Drills {
  /** Begins one now. Rejects with SITE_UNKNOWN, and DRILL_RUNNING while another goes on, anywhere. */
  begin(site: string, kind: DrillKind, by: string): Promise<void>;
  /** The one that goes on in this process. */
  running(): { id: string; progress?: DrillProgress } | undefined;
  /** Breaks off the one that goes on. */
  stop(): Promise<void>;
}

interface DrillDeps {
  db: Db;
  pool: pg.Pool;
  clock: Clock;
  audit: Audit;
  log: EventLog;
  sites: readonly string[];
  /** What each program is told, besides what is to be done. */
  order: Pick<DrillOrder, 'config' | 'keyFolder' | 'archiveId'>;
  run: typeof runDrillProgram;
  /** When the next one by schedule is due, and from where. */
  next(): Promise<{ at: Date; site: string } | undefined>;
}

/**
 * Rehearses recoveries, by hand and by schedule, one at a time. What an earlier process did not bring to its
 * end is noted as broken off, and its scratch folder goes.
 */
export function startDrills(deps: DrillDeps): Drills {
  const { db, clock, log } = deps;
  const { config } = deps.order;
  const folder = config.drillFolder ?? join(config.data, 'drill');
  const stopping = new AbortController();
  let current: { id: string; progress?: DrillProgress } | undefined;
  let under: Promise<void> = Promise.resolve();

  async function beginNow(site: string, kind: DrillKind, by: string): Promise<void> {
    if (!deps.sites.includes(site)) {
      throw new ArchiveError('SITE_UNKNOWN', `there is no site ${site}`, { field: 'body/site' });
    }
    const unlock = stopping.signal.aborted ? undefined : await lock(deps.pool);
    if (unlock === undefined) {
      const message = 'a drill goes on; wait for its end';
      throw new ArchiveError('DRILL_RUNNING', message, { retry: 'later' });
    }
    try {
      await settle();
      const everyMs = config.journalSeconds * 1000;
      const before = await behindAt(db, site, { now: clock.now(), everyMs });
      const row = await beginDrill(deps, { site, kind, by });
      current = { id: row.id };
      under = work(row, before).finally(async () => {
        current = undefined;
        await unlock();
      });
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** What has no end while nobody drills was broken off. */
  async function settle(): Promise<void> {
    for (const id of await scratchesOf(db, folder)) await removeScratch(join(folder, id));
    for (const row of await drillsWithoutEnd(db))
      await endDrill(deps, row, { outcome: 'broken-off' });
  }

  async function work(row: DrillRow, before: BehindAt): Promise<void> {
    const scratch = join(folder, row.id);
    try {
      const end = await drill(row, scratch, before);
      await endDrill(deps, row, end);
      const { outcome, code = '' } = end;
      const told = { site: row.site, kind: row.kind, state: outcome, code };
      if (outcome === 'ok') log.info('drill', told);
      else log.warn('drill', told);
    } catch (error) {
      log.error('drill failed', { site: row.site, kind: errorKind(error) });
    } finally {
      await removeScratch(scratch).catch((error: unknown) =>
        log.warn('drill: scratch not removed', { kind: errorKind(error) }),
      );
    }
  }

  async function drill(row: DrillRow, scratch: string, before: BehindAt): Promise<DrillEnd> {
    const { site } = row;
    const kind = row.kind as DrillKind;
    const run = await deps.run(
      { ...deps.order, site, kind, scratch },
      {
        signal: stopping.signal,
        onProgress(progress) {
          if (current?.id === row.id) current = { id: row.id, progress };
        },
      },
    );
    if (stopping.signal.aborted) return { outcome: 'broken-off' };
    if (run === undefined) return { outcome: 'failed', code: 'DRILL_ENDED' };
    if (!('result' in run)) {
      if (run.code === 'INTERNAL') log.error('drill failed', { site, kind: run.reason });
      return { outcome: 'failed', code: run.code };
    }
    return judgeDrill(db, site, run.result, {
      ...{ before, limitS: config.drillLimitMinutes * 60 },
    });
  }

  async function look(): Promise<void> {
    if (current !== undefined || stopping.signal.aborted) return;
    await settleUnlessRunning();
    const next = await deps.next();
    if (next === undefined || next.at > clock.now()) return;
    await beginNow(next.site, 'sample', ARCHIVE_ACTOR.id);
  }
  async function settleUnlessRunning(): Promise<void> {
    const left = [...(await drillsWithoutEnd(db)), ...(await scratchesOf(db, folder))];
    if (left.length === 0) return;
    const unlock = await lock(deps.pool);
    if (unlock !== undefined) await settle().finally(unlock);
  }

  let looking: Promise<void> = Promise.resolve();
  const begun = (round: () => Promise<void>) => {
    looking = looking
      .then(round)
      .catch((error: unknown) => log.warn('drills', { kind: errorKind(error) }));
  };
  begun(settleUnlessRunning);
  const timer = setInterval(() => begun(look), LOOK_EVERY_MS).unref();
  return {
    async begin(...wanted) {
      // What looks has the lock for a moment.
      await looking;
      await beginNow(...wanted);
    },
    running: () => current,
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await looking;
      await under;
    },
  };
}

/** A lock that ends with its connection; undefined while another has it. */
async function lock(pool: pg.Pool): Promise<(() => Promise<void>) | undefined> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as mine', DRILL_LOCK);
    if ((rows[0] as { mine: boolean }).mine) {
      return async () => {
        await client.query('select pg_advisory_unlock($1, $2)', DRILL_LOCK).catch(() => undefined);
        client.release(true);
      };
    }
  } catch (error) {
    client.release(true);
    throw error;
  }
  client.release();
  return undefined;
}
