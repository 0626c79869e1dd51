import { type Actor, ARCHIVE_ACTOR } from '../../core/audit.ts';
import { type ObjectRow, storedObject } from '../../record/object-rows.ts';
import type { RotationDeps } from './deps.ts';
import { noteEpochEnd } from './epoch-ends.ts';
import type { RotationMemory } from './rotation-state.ts';

const DAY_MS = 86_400_000;
/** An upload that was begun before midnight may still be under way. */
const GRACE_DAYS = 2;

/**
 * Destroys epochs and says so in the ledger. What is to be destroyed is noted first: broken off
 * anywhere, it is finished by `finishDestroying`, with one entry more at worst and never one less.
 */
export async function destroyEpochs(
  deps: RotationDeps,
  { state, keep }: RotationMemory,
  epochs: RotationMemory['state']['destroying'],
  by: { actor: Actor; requestId?: string } = { actor: ARCHIVE_ACTOR },
): Promise<void> {
  state.destroying.push(...epochs);
  await keep();
  await finishDestroying(deps, { state, keep }, by);
}

/** Ends what was broken off. */
export async function finishDestroying(
  deps: RotationDeps,
  { state, keep }: RotationMemory,
  by: { actor: Actor; requestId?: string } = { actor: ARCHIVE_ACTOR },
): Promise<void> {
  const { db, keys, keyRoom, audit, clock, index } = deps;
  for (const { kind, epoch } of [...state.destroying]) {
    if (kind === 'content') index.drop(epoch);
    await keys.destroyEpoch(kind, epoch);
    keyRoom.dropAll();
    const now = clock.now();
    await db.transaction().execute(async (tx) => {
      if (kind === 'content') await noteEpochEnd(tx, epoch, now);
      await audit.append(tx, {
        ...{ ...by, action: 'key.destroy_epoch', resource: epoch, outcome: 'ok' },
        detail: { kind, epoch },
      });
    });
    const at = now.toISOString();
    if (kind === 'content') {
      state.destroyed = [...state.destroyed.filter((one) => one.epoch !== epoch), { epoch, at }];
    }
    state.destroying = state.destroying.filter((one) => one.epoch !== epoch);
    await keep();
  }
}

/**
 * Destroys the keys of past days in which no living object of the quarantine is sealed. Rejects with
 * the place room's codes, and destroys nothing, while a site does not answer. Resolves to how many.
 */
export async function destroyIdleDays(deps: RotationDeps, memory: RotationMemory): Promise<number> {
  const past = new Date(deps.clock.now().getTime() - GRACE_DAYS * DAY_MS).toISOString();
  const days = (await deps.keys.epochs())
    .filter(({ pool, epoch }) => pool === 'quarantine' && epoch <= past.slice(0, 10))
    .map(({ epoch }) => epoch);
  if (days.length === 0) return 0;
  const needed = await daysInUse(deps);
  const idle = days.filter((epoch) => !needed.has(epoch)).sort();
  const wanted = idle.map((epoch) => ({ kind: 'quarantine' as const, epoch }));
  await destroyEpochs(deps, memory, wanted);
  return idle.length;
}

async function daysInUse({ db, envelopes }: RotationDeps): Promise<Set<string>> {
  const needed = new Set<string>();
  const rows = await db
    .selectFrom('sealed_object')
    .selectAll()
    .where('pool', '=', 'quarantine')
    .where('destroyed_at', 'is', null)
    .execute();
  for (const row of rows) {
    for (const epoch of await envelopes.of(storedObject(row as ObjectRow, []))) needed.add(epoch);
  }
  return needed;
}
