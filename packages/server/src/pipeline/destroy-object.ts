import { ARCHIVE_ACTOR } from '../core/audit.ts';
import type { Tx } from '../core/database.ts';
import type { StoredObject } from '../record/vault.ts';
import type { PipelineDeps } from './deps.ts';

/**
 * Whether the object is there, and nobody destroys it until the transaction ends. Whoever copies holds
 * it: a copy that is under way while the object is destroyed would bring its key back.
 */
export async function holdLiving(tx: Tx, objectId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('sealed_object')
    .select('destroyed_at')
    .where('id', '=', objectId)
    .forUpdate()
    .executeTakeFirst();
  return row?.destroyed_at === null;
}

/** The same of several: those that are there. Locked in the order of their ids, as everybody does. */
export async function livingOf(tx: Tx, objectIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('sealed_object')
    .select(['id', 'destroyed_at'])
    .where('id', 'in', [...objectIds])
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Set(rows.flatMap(({ id, destroyed_at }) => (destroyed_at === null ? [id] : [])));
}

const OF_ITS_COPIES = [
  ...(['object_copy', 'pending_copy', 'copy_fault'] as const),
  ...(['evicted_copy', 'pending_removal'] as const),
];

/**
 * Destroys an object at every site, envelope first, and notes it; may be run again at any point. Resolves to
 * false when `may`, which is asked first in the same transaction, forbids it.
 */
export async function destroyObject(
  deps: Pick<PipelineDeps, 'db' | 'vault' | 'clock' | 'audit'>,
  object: StoredObject,
  may: (tx: Tx) => Promise<boolean> = async () => true,
): Promise<boolean> {
  const { id, recordId, purpose, pool } = object;
  return deps.db.transaction().execute(async (tx) => {
    if (!(await may(tx))) return false;
    if (!(await holdLiving(tx, id))) return true;
    await deps.vault.destroy(object);
    await tx
      .updateTable('sealed_object')
      .set({ destroyed_at: deps.clock.now() })
      .where('id', '=', id)
      .execute();
    for (const table of OF_ITS_COPIES) {
      await tx.deleteFrom(table).where('object_id', '=', id).execute();
    }
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'object.destroy', resource: recordId, outcome: 'ok' },
      detail: { object: id, purpose, pool },
    });
    return true;
  });
}
