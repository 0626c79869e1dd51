import type { Notice, NoticesQuery, NoticesView } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { Queryable, Tables } from '../core/database.ts';

const MOST_ALARMS = 20;

/** One person's notices, newest first, with the alarms among them that wait to be read. */
export async function listNotices(
  db: Queryable,
  actorId: string,
  { before, limit, unread }: NoticesQuery,
): Promise<NoticesView> {
  let page = own(db, actorId).limit(limit + 1);
  if (before !== undefined) page = page.where('id', '<', before);
  if (unread) page = page.where('read_at', 'is', null);
  const rows = await page.execute();
  const alarms = await own(db, actorId)
    .where('severity', '=', 'alarm')
    .where('read_at', 'is', null)
    .limit(MOST_ALARMS)
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    notices: shown.map(present),
    alarms: alarms.map(present),
    unread: await countUnread(db, actorId),
    ...(rows.length > limit && last !== undefined ? { next: last.id } : {}),
  };
}

export async function countUnread(db: Queryable, actorId: string): Promise<number> {
  const { n } = await db
    .selectFrom('notice')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('actor_id', '=', actorId)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(n);
}

const own = (db: Queryable, actorId: string) =>
  db.selectFrom('notice').selectAll().where('actor_id', '=', actorId).orderBy('id', 'desc');

function present(row: Selectable<Tables['notice']>): Notice {
  return {
    id: row.id,
    kind: row.kind as Notice['kind'],
    severity: row.severity as Notice['severity'],
    detail: row.detail,
    toldAt: row.told_at.toISOString(),
    ...(row.resource === null ? {} : { resource: row.resource }),
    ...(row.read_at === null ? {} : { readAt: row.read_at.toISOString() }),
  };
}
