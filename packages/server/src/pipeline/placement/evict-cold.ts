import { newUuidV7, type RecordId } from '../../core/ids.ts';
import type { PipelineDeps } from '../deps.ts';
import { pacer } from '../pace.ts';
import { ageLimits, type ColdRule, EVICTABLE } from './cold-rule.ts';
import { evictRecord } from './evict-record.ts';

const BATCH = 100;

/** What a run has come to. `done` is false when it was broken off; the next one goes on from there. */
export interface EvictionReport {
  id: string;
  looked: number;
  evicted: number;
  bytes: number;
  locked: number;
  unverified: number;
  done: boolean;
}

/**
 * Frees the copies that the rule lets go, record after record: of basic calls that are old and that nobody
 * has seen or heard for long, each only when two other copies have just been read back. Reads at most
 * `bytesPerSecond`. Goes on where an earlier run was broken off. Rejects with SITE_UNREACHABLE and the like,
 * all that was done until then being kept.
 */
export async function evictCold(
  deps: PipelineDeps,
  wanted: { rule: ColdRule; bytesPerSecond?: number; signal?: AbortSignal },
): Promise<EvictionReport> {
  const { rule, bytesPerSecond, signal } = wanted;
  const run = await begin(deps, rule.site);
  const limits = ageLimits(rule, deps.clock.now(), deps.timeZone);
  const paced = pacer(bytesPerSecond);
  for (;;) {
    const batch = await coldAfter(deps, rule.site, limits, run.reached);
    if (batch.length === 0) break;
    const uses = await deps.lastUses(batch);
    for (const id of batch) {
      if (signal?.aborted === true) return { ...(await keep(deps, run)), done: false };
      const usedAt = uses.get(id);
      if (usedAt === undefined || usedAt < limits.unusedSince) {
        const outcome = await evictRecord(deps, id, rule.site, paced);
        run.evicted += outcome.objects;
        run.bytes += outcome.bytes;
        if (outcome.left !== undefined) run[outcome.left] += 1;
      }
      run.looked += 1;
      run.reached = id;
      // Kept with each record: the next may find its sites away.
      await keep(deps, run);
    }
  }
  return { ...(await keep(deps, run, deps.clock.now())), done: true };
}

type Run = Omit<EvictionReport, 'done'> & { site: string; reached: string | null };

async function begin(deps: PipelineDeps, site: string): Promise<Run> {
  const open = await deps.db
    .selectFrom('eviction_run')
    .selectAll()
    .where('site', '=', site)
    .where('ended_at', 'is', null)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (open !== undefined) {
    const { id, reached, looked, evicted, bytes, locked, unverified } = open;
    return { id, site, reached, looked, evicted, bytes: Number(bytes), locked, unverified };
  }
  const zero = { looked: 0, evicted: 0, bytes: 0, locked: 0, unverified: 0 };
  const run: Run = { id: newUuidV7(deps.clock), site, reached: null, ...zero };
  await deps.db
    .insertInto('eviction_run')
    .values({ ...run, started_at: deps.clock.now(), ended_at: null })
    .execute();
  return run;
}

async function keep(deps: PipelineDeps, run: Run, endedAt: Date | null = null): Promise<Run> {
  const { id, site: _, ...found } = run;
  await deps.db
    .updateTable('eviction_run')
    .set({ ...found, ended_at: endedAt })
    .where('id', '=', id)
    .execute();
  return run;
}

async function coldAfter(
  deps: PipelineDeps,
  site: string,
  limits: { startedBefore: Date; unusedSince: Date },
  reached: string | null,
): Promise<RecordId[]> {
  let query = deps.db
    .selectFrom('record')
    .select('record.id')
    .where('state', '=', 'archived')
    .where('tier', '=', 'basic')
    .where('started_at', '<', limits.startedBefore)
    .where('archived_at', '<', limits.unusedSince)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('sealed_object')
          .innerJoin('object_copy', 'object_copy.object_id', 'sealed_object.id')
          .select('sealed_object.id')
          .whereRef('sealed_object.record_id', '=', 'record.id')
          .where('pool', '=', 'basic')
          .where('purpose', 'in', [...EVICTABLE])
          .where('destroyed_at', 'is', null)
          .where('object_copy.site', '=', site),
      ),
    )
    .orderBy('record.id')
    .limit(BATCH);
  if (reached !== null) query = query.where('record.id', '>', reached);
  return (await query.execute()).map(({ id }) => id as RecordId);
}
