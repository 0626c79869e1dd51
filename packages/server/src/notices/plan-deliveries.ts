import type { Clock } from '../core/clock.ts';
import type { Tx } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import type { Telling } from '../core/notices.ts';
import type { Channel, DeliveryQueue } from './ports.ts';

/** Which ways out of the archive are configured, and the queue of what goes there. */
export interface Outgoing {
  channels: ReadonlySet<Channel>;
  queue: DeliveryQueue;
}

/**
 * Plans what leaves the archive, in the caller's transaction: one webhook a telling, whoever was
 * told, and one mail to each of `toldTo` who gave an address.
 */
export async function planDeliveries(
  tx: Tx,
  deps: { clock: Clock; outgoing: Outgoing },
  telling: Telling,
  toldTo: readonly string[],
): Promise<void> {
  const { channels, queue } = deps.outgoing;
  const planned: { channel: Channel; actorId: string | null }[] = [];
  if (channels.has('webhook')) planned.push({ channel: 'webhook', actorId: null });
  if (channels.has('mail')) {
    const wanted = await withAddress(tx, toldTo);
    planned.push(...wanted.map((actorId) => ({ channel: 'mail' as const, actorId })));
  }
  const { kind, severity, resource, detail } = telling;
  for (const { channel, actorId } of planned) {
    const id = newUuidV7(deps.clock);
    await tx
      .insertInto('notice_delivery')
      .values({
        ...{ id, channel, actor_id: actorId, kind, severity, resource: resource ?? null },
        ...{ detail: JSON.stringify(detail ?? {}), told_at: deps.clock.now() },
      })
      .execute();
    await queue.deliver(tx, { id, channel });
  }
}

async function withAddress(tx: Tx, actorIds: readonly string[]): Promise<string[]> {
  if (actorIds.length === 0) return [];
  const rows = await tx
    .selectFrom('notice_address')
    .select('actor_id')
    .where('actor_id', 'in', [...actorIds])
    .execute();
  return rows.map((row) => row.actor_id);
}
