import { setTimeout as wait } from 'node:timers/promises';
import { type ObjectRow, storedObject } from '../../record/object-rows.ts';
import type { StoredObject } from '../../record/vault.ts';
import { holdLiving } from '../destroy-object.ts';
import type { RotationDeps } from './deps.ts';
import type { Walk } from './rotation-state.ts';

const BATCH = 200;
/** Objects at once: sites wait for disks and networks most of the time. */
const LANES = 4;

/**
 * Brings the envelopes of all living objects into the current epoch, at most `perSecond` objects a
 * second, from where the walk was broken off. Nothing of an object itself changes. Rejects with the
 * place room's codes when a site does not answer, all that was done until then being kept.
 */
export async function renewLiving(
  deps: RotationDeps,
  { walk, keep }: { walk: Walk; keep(): Promise<void> },
  options: { perSecond: number; signal?: AbortSignal },
): Promise<void> {
  const paced = pacer(options.perSecond);
  try {
    for (;;) {
      const batch = await livingAfter(deps, walk.reached);
      if (batch.length === 0) {
        walk.endedAt = deps.clock.now().toISOString();
        return;
      }
      await inLanes(deps, walk, batch, { paced, signal: options.signal });
      if (isStopped(options.signal)) return;
      await keep();
    }
  } finally {
    await keep();
  }
}

/**
 * Lanes do not wait for each other; the walk comes as far as everything before is over, so that what failed or was
 * under way is met again.
 */
async function inLanes(
  deps: RotationDeps,
  walk: Walk,
  objects: readonly StoredObject[],
  { paced, signal }: { paced(): Promise<void>; signal: AbortSignal | undefined },
): Promise<void> {
  const outcomes: Outcome[] = [];
  const left = [...objects.entries()];
  let further = 0;
  let failed = false;
  const lane = async () => {
    while (!failed && !isStopped(signal)) {
      const next = left.shift();
      if (next === undefined) return;
      const [at, object] = next;
      await paced();
      outcomes[at] = await renewed(deps, object);
      for (let over = outcomes[further]; over !== undefined; over = outcomes[further]) {
        walk.seen += 1;
        if (over === 'renewed') walk.renewed += 1;
        if (over === 'unopened') walk.unopened += 1;
        walk.reached = objects[further]?.id ?? walk.reached;
        further += 1;
      }
    }
  };
  const failing = (error: unknown) => {
    failed = true;
    throw error;
  };
  const ends = await Promise.allSettled(Array.from({ length: LANES }, () => lane().catch(failing)));
  const failure = ends.find((one) => one.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

type Outcome = Awaited<ReturnType<typeof renewed>>;

const isStopped = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** The same for what was noted since `since`: what was under way when the epoch began. */
export async function renewSince(deps: RotationDeps, since: Date): Promise<void> {
  let reached: string | null = null;
  for (;;) {
    const batch = await livingAfter(deps, reached, since);
    for (const object of batch) await renewed(deps, object);
    const last = batch.at(-1);
    if (last === undefined) return;
    reached = last.id;
  }
}

/**
 * The transaction holds the object: neither a copy nor its destruction runs beside it, and none of its
 * copies gives way. Where they lie is read within it.
 */
async function renewed(
  deps: RotationDeps,
  object: StoredObject,
): Promise<'renewed' | 'current' | 'unopened' | 'gone'> {
  return deps.db.transaction().execute(async (tx) => {
    if (!(await holdLiving(tx, object.id))) return 'gone';
    const copies = await tx
      .selectFrom('object_copy')
      .select('site')
      .where('object_id', '=', object.id)
      .execute();
    return deps.envelopes.renew({ ...object, sites: copies.map(({ site }) => site) });
  });
}

async function livingAfter(
  { db }: RotationDeps,
  reached: string | null,
  since?: Date,
): Promise<StoredObject[]> {
  let query = db
    .selectFrom('sealed_object')
    .selectAll()
    .where('destroyed_at', 'is', null)
    .where('pool', '<>', 'quarantine')
    .orderBy('id')
    .limit(BATCH);
  if (reached !== null) query = query.where('id', '>', reached);
  if (since !== undefined) query = query.where('created_at', '>=', since);
  return (await query.execute()).map((row) => storedObject(row as ObjectRow, []));
}

function pacer(perSecond: number): () => Promise<void> {
  let freeAt = performance.now();
  return async () => {
    const now = performance.now();
    freeAt = Math.max(freeAt, now - 1000) + 1000 / perSecond;
    if (freeAt > now) await wait(freeAt - now);
  };
}
