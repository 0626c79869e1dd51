import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { hasCode } from '../../core/errors.ts';
import type { ObjectId } from '../../core/ids.ts';
import { POOLS, type Pool } from '../../record/vocabulary.ts';
import type { PipelineDeps } from '../deps.ts';
import { fateOf } from './stray-fate.ts';

const BATCH = 500;

/** What was found at a site that no row knows. */
export interface Sweep {
  /** Seen for the first time, or not for long enough. */
  waiting: number;
  removed: number;
  /** Left: the site keeps them until a day. */
  locked: number;
  /** Left: of records that the catalog has lost, or that nobody can tell. */
  kept: number;
}

/**
 * Removes what lies at a site and no row knows, as killed processes leave it: only what is a day old, was
 * unknown a day ago too, and belongs to no record that the ledger knows better than the catalog. Resolves
 * to undefined when it was broken off; the next one begins anew. What is removed is on the ledger. Rejects
 * with SITE_UNREACHABLE and SITE_FOREIGN.
 */
export async function sweepSite(
  deps: PipelineDeps,
  site: string,
  signal?: AbortSignal,
): Promise<Sweep | undefined> {
  const sum: Sweep = { waiting: 0, removed: 0, locked: 0, kept: 0 };
  const add = async (pool: Pool, ids: readonly ObjectId[]) => {
    const found = await sweepBatch(deps, { site, pool }, ids);
    for (const name of FATES) sum[name] += found[name];
  };
  for (const pool of POOLS) {
    let batch = new Set<ObjectId>();
    for await (const id of deps.strays.listed(site, pool)) {
      if (signal?.aborted === true) return undefined;
      batch.add(id);
      if (batch.size < BATCH) continue;
      await add(pool, [...batch]);
      batch = new Set();
    }
    await add(pool, [...batch]);
  }
  await forgetKnown(deps, site);
  return sum;
}

const FATES = ['waiting', 'removed', 'locked', 'kept'] as const;

async function sweepBatch(
  deps: PipelineDeps,
  { site, pool }: { site: string; pool: Pool },
  ids: readonly ObjectId[],
): Promise<Sweep> {
  const found: Sweep = { waiting: 0, removed: 0, locked: 0, kept: 0 };
  const gone: ObjectId[] = [];
  for (const id of await unknownOf(deps, ids)) {
    const fate = await fateOf(deps, { site, pool, id });
    if (fate !== 'remove') {
      found[fate] += 1;
      continue;
    }
    // As late as can be: a row may have come since.
    if ((await unknownOf(deps, [id])).length === 0) continue;
    try {
      await deps.strays.delete(site, pool, id);
      gone.push(id);
      found.removed += 1;
    } catch (error) {
      if (!hasCode(error, 'OBJECT_LOCKED')) throw error;
      found.locked += 1;
    }
  }
  if (gone.length > 0) await noteRemoved(deps, { site, pool }, gone);
  return found;
}

async function noteRemoved(
  deps: PipelineDeps,
  { site, pool }: { site: string; pool: Pool },
  gone: readonly ObjectId[],
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('stray_object')
      .where('site', '=', site)
      .where('object_id', 'in', [...gone])
      .execute();
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'site.sweep', resource: site, outcome: 'ok' },
      detail: { pool, removed: gone.length },
    });
  });
}

/** Those of no living row: an object that was destroyed has no business at a site either. */
async function unknownOf(deps: PipelineDeps, ids: readonly ObjectId[]): Promise<ObjectId[]> {
  if (ids.length === 0) return [];
  const rows = await deps.db
    .selectFrom('sealed_object')
    .select('id')
    .where('id', 'in', [...ids])
    .where('destroyed_at', 'is', null)
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}

/** What got its row after it was first seen is no stray any more. */
async function forgetKnown(deps: PipelineDeps, site: string): Promise<void> {
  await deps.db
    .deleteFrom('stray_object')
    .where('site', '=', site)
    .where('object_id', 'in', (from) =>
      from.selectFrom('sealed_object').select('id').where('destroyed_at', 'is', null),
    )
    .execute();
}
