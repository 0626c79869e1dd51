import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { hasCode } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { objectsOf } from '../../record/object-rows.ts';
import type { StoredObject } from '../../record/vault.ts';
import type { PipelineDeps } from '../deps.ts';
import { holdLiving } from '../destroy-object.ts';
import { recordRow } from '../record-row.ts';
import { confirmObject } from '../scrub/confirm-object.ts';
import { EVICTABLE } from './cold-rule.ts';
import { forgetCopy, lockedCopies } from './copy-rows.ts';

/** Copies that have to be read back before one goes. */
const OTHERS = 2;
/** Of a copy that does not count. A site that is away ends the run instead. */
const FAULTS = ['OBJECT_MISSING', 'OBJECT_DAMAGED', 'ENVELOPE_DAMAGED', 'OBJECT_UNCONFIRMED'];

export interface Evicted {
  objects: number;
  bytes: number;
  /** Why anything of the record was left. */
  left?: 'locked' | 'unverified';
}

const NOTHING: Evicted = { objects: 0, bytes: 0 };

/**
 * Frees the site's copies of what is heard and seen of a record: each only when two other copies have been
 * read back, as the ledger confirms them, a moment ago. Envelopes stay. May be run again at any point.
 * Rejects with SITE_UNREACHABLE.
 */
export async function evictRecord(
  deps: PipelineDeps,
  recordId: RecordId,
  site: string,
  paced: (bytes: number) => Promise<void>,
): Promise<Evicted> {
  const all = await objectsOf(deps.db, recordId);
  const here = all
    .filter(({ purpose, pool }) => pool === 'basic' && EVICTABLE.includes(purpose))
    .filter(({ sites }) => sites.includes(site))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (here.length === 0) return NOTHING;
  const locked = await lockedCopies(deps, here, site);
  const free = here.filter(({ id }) => !locked.has(id));
  if (free.length === 0) return { ...NOTHING, left: 'locked' };
  for (const object of free) {
    if (!(await twoOthersAreWhole(deps, object, site))) return { ...NOTHING, left: 'unverified' };
    await paced(OTHERS * object.sealedBytes);
  }
  const evicted = await deps.db
    .transaction()
    .execute((tx) => evict(deps, tx, recordId, { objects: free, site }));
  return locked.size > 0 ? { ...evicted, left: 'locked' } : evicted;
}

async function twoOthersAreWhole(
  deps: PipelineDeps,
  object: StoredObject,
  site: string,
): Promise<boolean> {
  const others = object.sites.filter((one) => one !== site).slice(0, OTHERS);
  if (others.length < OTHERS) return false;
  try {
    const confirmed = await confirmObject(deps, object);
    for (const other of others) {
      await deps.vault.verify(confirmed, other);
      await deps.db
        .updateTable('object_copy')
        .set({ verified_at: deps.clock.now() })
        .where('object_id', '=', object.id)
        .where('site', '=', other)
        .execute();
    }
    return true;
  } catch (error) {
    if (FAULTS.some((code) => hasCode(error, code))) return false;
    throw error;
  }
}

async function evict(
  deps: PipelineDeps,
  tx: Tx,
  recordId: RecordId,
  { objects, site }: { objects: readonly StoredObject[]; site: string },
): Promise<Evicted> {
  // Given another tier, restricted or held meanwhile, it stays.
  const { state, tier } = await recordRow(tx, recordId, true);
  const may = state === 'archived' && tier === 'basic' && (await deps.mayEvict(tx, recordId));
  if (!may) return NOTHING;
  const found: Evicted = { objects: 0, bytes: 0 };
  for (const object of objects) {
    if (!(await holdLiving(tx, object.id))) continue;
    try {
      await deps.vault.evict(object, site);
    } catch (error) {
      if (!hasCode(error, 'OBJECT_LOCKED')) throw error;
      found.left = 'locked';
      continue;
    }
    await forgetCopy(tx, object.id, site);
    await tx
      .insertInto('evicted_copy')
      .values({ object_id: object.id, site, evicted_at: deps.clock.now() })
      .execute();
    found.objects += 1;
    found.bytes += object.sealedBytes;
  }
  if (found.objects > 0) {
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'object.evict', resource: recordId, outcome: 'ok' },
      detail: { site, rule: 'cold', objects: found.objects, bytes: found.bytes },
    });
  }
  return found;
}
