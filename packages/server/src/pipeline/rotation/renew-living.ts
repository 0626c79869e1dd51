import { type ObjectRow, storedObject } from '../../record/object-rows.ts';
import type { StoredObject } from '../../record/vault.ts';
import { livingOf } from '../destroy-object.ts';
import type { RotationDeps } from './deps.ts';
import { pacer } from './pacer.ts';
import type { Walk } from './rotation-state.ts';

const BATCH = 256;
/** Groups at once: sites wait for disks and networks most of the time. */
const LANES = 4;
/** Objects of a group go at the same time: what a disk is told to keep together it keeps at one price. */
const GROUP = 8;

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
  const left = Array.from({ length: Math.ceil(objects.length / GROUP) }, (_, nth) => nth * GROUP);
  let further = 0;
  let failed = false;
  const lane = async () => {
    while (!failed && !isStopped(signal)) {
      const at = left.shift();
      if (at === undefined) return;
      const group = objects.slice(at, at + GROUP);
      for (const _ of group) await paced();
      for (const [nth, outcome] of (await renewed(deps, group, signal)).entries()) {
        if (outcome !== undefined) outcomes[at + nth] = outcome;
      }
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

type Outcome = 'renewed' | 'current' | 'unopened' | 'gone';

const isStopped = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** The same for what was noted since `since`: what was under way when the epoch began. */
export async function renewSince(deps: RotationDeps, since: Date): Promise<void> {
  let reached: string | null = null;
  for (;;) {
    const batch = await livingAfter(deps, reached, since);
    for (let at = 0; at < batch.length; at += GROUP) {
      await renewed(deps, batch.slice(at, at + GROUP));
    }
    const last = batch.at(-1);
    if (last === undefined) return;
    reached = last.id;
  }
}

/**
 * The transaction holds the objects: neither a copy nor a destruction runs beside it, and none of their
 * copies gives way. Where they lie is read within it. Those that were not begun before the signal came are
 * undefined. Rejects when one could not be brought over, the others being over.
 */
async function renewed(
  deps: RotationDeps,
  objects: readonly StoredObject[],
  signal?: AbortSignal,
): Promise<(Outcome | undefined)[]> {
  return deps.db.transaction().execute(async (tx) => {
    const ids = objects.map(({ id }) => id);
    const living = await livingOf(tx, ids);
    const copies = await tx
      .selectFrom('object_copy')
      .select(['object_id', 'site'])
      .where('object_id', 'in', ids)
      .execute();
    const ends = await Promise.allSettled(
      objects.map(async (object): Promise<Outcome | undefined> => {
        if (isStopped(signal)) return undefined;
        if (!living.has(object.id)) return 'gone';
        const own = copies.filter((copy) => copy.object_id === object.id);
        return deps.envelopes.renew({ ...object, sites: own.map(({ site }) => site) });
      }),
    );
    return ends.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
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
