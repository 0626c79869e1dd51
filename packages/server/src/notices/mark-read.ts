import type { NoticesReadIn } from '@voxkeep/contract';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';

/** Marks the person's own notices of `which` as read; others' are passed over. */
export async function markRead(
  db: Db,
  clock: Clock,
  actorId: string,
  which: NoticesReadIn,
): Promise<void> {
  let query = db
    .updateTable('notice')
    .set({ read_at: clock.now() })
    .where('actor_id', '=', actorId)
    .where('read_at', 'is', null);
  if ('ids' in which) query = query.where('id', 'in', which.ids);
  else if (which.upTo !== undefined) query = query.where('id', '<=', which.upTo);
  await query.execute();
}
