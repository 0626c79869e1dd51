import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Queryable, Tx } from '../../core/database.ts';
import { ArchiveError, hasCode } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { type PlacementPolicy, wantedCopies } from '../../place/index.ts';
import { objectsOf } from '../../record/object-rows.ts';
import type { StoredObject } from '../../record/vault.ts';
import type { PipelineDeps } from '../deps.ts';
import { holdLiving } from '../destroy-object.ts';
import { pacer } from '../pace.ts';
import { recordRow } from '../record-row.ts';
import { confirmObject } from '../scrub/confirm-object.ts';
import { forgetCopy, lockedCopies } from './copy-rows.ts';

const BATCH = 100;
const FIRST_DELAY_MS = 60_000;
const MOST_DELAY_MS = 3_600_000;

type Place = { recordId: RecordId; site: string };

/**
 * Removes the copies where the policy wants none any more, record after record: each only when every copy
 * that it does want is there and has just been read back. What cannot go yet is tried again later, with its
 * reason. Resolves to how many objects went and stayed.
 */
export async function removeUnwanted(
  deps: PipelineDeps,
  { bytesPerSecond, signal }: { bytesPerSecond?: number; signal?: AbortSignal } = {},
): Promise<{ removed: number; left: number }> {
  const sum = { removed: 0, left: 0 };
  const paced = pacer(bytesPerSecond);
  for (;;) {
    const due = await deps.db
      .selectFrom('pending_removal')
      .innerJoin('sealed_object', 'sealed_object.id', 'pending_removal.object_id')
      .select(['record_id', 'site'])
      .where('not_before', '<=', deps.clock.now())
      .where('destroyed_at', 'is', null)
      .groupBy(['record_id', 'site'])
      .orderBy('record_id')
      .limit(BATCH)
      .execute();
    if (due.length === 0) return sum;
    for (const { record_id, site } of due) {
      if (signal?.aborted === true) return sum;
      const place = { recordId: record_id as RecordId, site };
      const left = await removeFrom(deps, place, paced);
      sum.removed += left.removed;
      sum.left += left.left.length;
      for (const { object, code, until } of left.left)
        await postpone(deps, object, site, code, until);
    }
  }
}

/** A copy that stays for now, with the reason, and until when where that is known. */
interface Left {
  object: StoredObject;
  code: string;
  until?: Date;
}

async function removeFrom(
  deps: PipelineDeps,
  place: Place,
  paced: (bytes: number) => Promise<void>,
): Promise<{ removed: number; left: Left[] }> {
  const left: Left[] = [];
  const free: StoredObject[] = [];
  for (const object of await dueObjects(deps, place)) {
    const stays = await whyItStays(deps, object, place.site, paced);
    if (stays === 'wanted') await forgetRemoval(deps.db, object, place.site);
    else if (stays === undefined) free.push(object);
    else left.push({ object, ...stays });
  }
  if (free.length === 0) return { removed: 0, left };
  try {
    const kept = await deps.db.transaction().execute((tx) => remove(deps, tx, place, free));
    return { removed: free.length - kept.length, left: [...left, ...kept] };
  } catch (error) {
    const code = codeOf(error);
    return { removed: 0, left: [...left, ...free.map((object) => ({ object, code }))] };
  }
}

const codeOf = (error: unknown) => (error instanceof ArchiveError ? error.code : 'REMOVAL_FAILED');

async function dueObjects(deps: PipelineDeps, { recordId, site }: Place): Promise<StoredObject[]> {
  const rows = await deps.db
    .selectFrom('pending_removal')
    .innerJoin('sealed_object', 'sealed_object.id', 'pending_removal.object_id')
    .select('object_id')
    .where('record_id', '=', recordId)
    .where('site', '=', site)
    .where('not_before', '<=', deps.clock.now())
    .execute();
  const due = new Set(rows.map(({ object_id }) => object_id));
  const objects = (await objectsOf(deps.db, recordId)).filter(({ id }) => due.has(id));
  return objects.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Undefined when every copy that the policy wants is there and was read back. */
async function whyItStays(
  deps: PipelineDeps,
  object: StoredObject,
  site: string,
  paced: (bytes: number) => Promise<void>,
): Promise<Omit<Left, 'object'> | 'wanted' | undefined> {
  const policy = deps.placement.policy();
  const wanted = wantedSites(policy, object);
  if (wanted.includes(site)) return 'wanted';
  const until = (await lockedCopies(deps, [object], site)).get(object.id);
  if (until !== undefined) return { code: 'OBJECT_LOCKED', until };
  if (await areToCome(deps, policy, object, wanted)) return { code: 'COPIES_TO_COME' };
  try {
    const confirmed = await confirmObject(deps, object);
    for (const one of wanted.filter((there) => object.sites.includes(there))) {
      await deps.vault.verify(confirmed, one);
      await paced(object.sealedBytes);
    }
    return undefined;
  } catch (error) {
    return { code: codeOf(error) };
  }
}

const wantedSites = (policy: PlacementPolicy, { pool }: StoredObject) =>
  wantedCopies(policy).flatMap((one) => (one.pool === pool ? [one.site] : []));

/** Whether a wanted copy is not there yet; one that gave way to the rule of eviction is none of them. */
async function areToCome(
  deps: PipelineDeps,
  policy: PlacementPolicy,
  object: StoredObject,
  wanted: readonly string[],
): Promise<boolean> {
  const missing = wanted.filter((one) => !object.sites.includes(one));
  if (missing.length === 0) return false;
  const gone = await deps.db
    .selectFrom('evicted_copy')
    .select('site')
    .where('object_id', '=', object.id)
    .where('site', '=', policy.pools.basic.eviction?.site ?? '')
    .execute();
  return missing.some((one) => !gone.some(({ site }) => site === one));
}

/** Resolves to those that stay all the same. One entry tells of the record's. */
async function remove(
  deps: PipelineDeps,
  tx: Tx,
  { recordId, site }: Place,
  objects: readonly StoredObject[],
): Promise<Left[]> {
  await recordRow(tx, recordId, true);
  if (!(await deps.mayEvict(tx, recordId))) {
    return objects.map((object) => ({ object, code: 'RECORD_HELD' }));
  }
  const left: Left[] = [];
  let bytes = 0;
  for (const object of objects) {
    if (!(await holdLiving(tx, object.id))) continue;
    try {
      await deps.vault.remove(object, site);
    } catch (error) {
      if (!hasCode(error, 'OBJECT_LOCKED')) throw error;
      left.push({ object, code: error.code });
      continue;
    }
    await forgetCopy(tx, object.id, site);
    await forgetRemoval(tx, object, site);
    bytes += object.sealedBytes;
  }
  if (left.length < objects.length) {
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'object.evict', resource: recordId, outcome: 'ok' },
      detail: { site, rule: 'policy', objects: objects.length - left.length, bytes },
    });
  }
  return left;
}

async function forgetRemoval(tx: Queryable, { id }: StoredObject, site: string): Promise<void> {
  await tx
    .deleteFrom('pending_removal')
    .where('object_id', '=', id)
    .where('site', '=', site)
    .execute();
}

async function postpone(
  deps: PipelineDeps,
  { id }: StoredObject,
  site: string,
  code: string,
  until?: Date,
): Promise<void> {
  const row = await deps.db
    .selectFrom('pending_removal')
    .select('attempts')
    .where('object_id', '=', id)
    .where('site', '=', site)
    .executeTakeFirst();
  const attempts = row?.attempts ?? 0;
  const delayMs = Math.min(MOST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts, 10));
  await deps.db
    .updateTable('pending_removal')
    .set({
      ...{ attempts: attempts + 1, last_error: code },
      not_before: until ?? new Date(deps.clock.now().getTime() + delayMs),
    })
    .where('object_id', '=', id)
    .where('site', '=', site)
    .execute();
}
