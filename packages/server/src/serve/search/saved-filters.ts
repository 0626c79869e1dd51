import type { SavedFilter } from '@voxkeep/contract';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';

const MOST_SHOWN = 100;

/** Seals what a person keeps for themselves: a filter holds the numbers and names they look for. */
export interface OwnRows {
  seal(id: string, plain: Buffer): Buffer;
  open(id: string, sealed: Buffer): Buffer;
}

export async function listFilters(
  db: Db,
  ownRows: OwnRows,
  ownerId: string,
): Promise<SavedFilter[]> {
  const rows = await db
    .selectFrom('saved_filter')
    .select(['id', 'sealed'])
    .where('owner_id', '=', ownerId)
    .orderBy('created_at')
    .limit(MOST_SHOWN)
    .execute();
  return rows.map(({ id, sealed }) => {
    const plain = JSON.parse(ownRows.open(id, sealed).toString()) as Omit<SavedFilter, 'id'>;
    return { id, ...plain };
  });
}

export async function saveFilter(
  deps: { db: Db; clock: Clock; ownRows: OwnRows },
  ownerId: string,
  filter: Omit<SavedFilter, 'id'>,
): Promise<SavedFilter> {
  const id = newUuidV7(deps.clock);
  const { name, query } = filter;
  const sealed = deps.ownRows.seal(id, Buffer.from(JSON.stringify({ name, query })));
  await deps.db
    .insertInto('saved_filter')
    .values({ id, owner_id: ownerId, sealed, created_at: deps.clock.now() })
    .execute();
  return { id, name, query };
}

/** False when the person has no such filter. */
export async function deleteFilter(db: Db, ownerId: string, id: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('saved_filter')
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  return gone.numDeletedRows > 0n;
}
