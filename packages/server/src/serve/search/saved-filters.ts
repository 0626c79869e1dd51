import type { SavedFilter } from '@voxkeep/contract';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';

const MOST_SHOWN = 100;

export async function listFilters(db: Db, ownerId: string): Promise<SavedFilter[]> {
  const rows = await db
    .selectFrom('saved_filter')
    .select(['id', 'name', 'query'])
    .where('owner_id', '=', ownerId)
    .orderBy('created_at')
    .limit(MOST_SHOWN)
    .execute();
  return rows;
}

export async function saveFilter(
  db: Db,
  clock: Clock,
  ownerId: string,
  filter: Omit<SavedFilter, 'id'>,
): Promise<SavedFilter> {
  const id = newUuidV7(clock);
  const { name, query } = filter;
  await db
    .insertInto('saved_filter')
    .values({ id, owner_id: ownerId, name, query: JSON.stringify(query), created_at: clock.now() })
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
