import type { Delivery as DeliveryCounts } from '@voxkeep/contract';
import { sql } from 'kysely';
import type { Queryable } from '../core/database.ts';
import type { Channel } from './ports.ts';

/** For each configured channel how much waits and how much was given up in the last ninety days. */
export async function countDeliveries(
  db: Queryable,
  channels: ReadonlySet<Channel>,
): Promise<DeliveryCounts[]> {
  const rows = await db
    .selectFrom('notice_delivery')
    .select([
      'channel',
      sql<string>`count(*) filter (where ended_at is null)`.as('waiting'),
      sql<string>`count(*) filter (where outcome = 'given_up')`.as('given_up'),
      sql<Date | null>`min(told_at) filter (where ended_at is null)`.as('oldest'),
      sql<string | null>`(array_agg(last_failure order by id desc)
        filter (where ended_at is null and last_failure is not null))[1]`.as('failure'),
    ])
    .where(sql<boolean>`ended_at is null or outcome = 'given_up'`)
    .groupBy('channel')
    .execute();
  return [...channels].sort().map((channel) => {
    const row = rows.find((one) => one.channel === channel);
    return {
      ...{ channel, waiting: Number(row?.waiting ?? 0), givenUp: Number(row?.given_up ?? 0) },
      ...(row?.oldest == null ? {} : { oldestAt: row.oldest.toISOString() }),
      ...(row?.failure == null ? {} : { lastFailure: row.failure }),
    };
  });
}
