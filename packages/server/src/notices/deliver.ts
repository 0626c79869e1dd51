import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import { addressOf } from './address.ts';
import type { AddressSealer, Channel, DeliveryQueue, MailSender, WebhookSender } from './ports.ts';
import { type ArchiveAddress, type Delivery, mailFor, webhookBody } from './write-messages.ts';

export interface DeliverDeps {
  db: Db;
  clock: Clock;
  queue: DeliveryQueue;
  sealer: AddressSealer;
  /** Undefined where it is not configured, or no longer. */
  webhook: WebhookSender | undefined;
  mail: MailSender | undefined;
  archive: ArchiveAddress;
  /** Called once for each delivery that is tried no more, with the last try's code. */
  onGivenUp(delivery: { channel: string; kind: string; attempts: number; code: string }): void;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
const GIVEN_UP_AFTER_MS = 24 * 3_600_000;

/**
 * One try of a delivery, outside any transaction, then what came of it: delivered, planned again
 * after a pause that doubles up to an hour, or, a day after it was told, given up. A process that
 * dies between sending and noting sends again: at least once. An ended delivery is passed over.
 */
export async function deliver(deps: DeliverDeps, id: string): Promise<void> {
  const delivery = await deps.db
    .selectFrom('notice_delivery')
    .selectAll()
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (delivery === undefined) return;
  try {
    await end(deps, id, await send(deps, delivery));
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    await tryLater(deps, delivery, error);
  }
}

async function send(deps: DeliverDeps, delivery: Delivery): Promise<'delivered' | 'not_wanted'> {
  const { webhook, mail } = deps;
  if (delivery.channel === 'webhook') {
    if (webhook === undefined) return 'not_wanted';
    const message = { id: delivery.id, sentAt: deps.clock.now(), body: webhookBody(delivery) };
    await webhook.send(message);
    return 'delivered';
  }
  if (mail === undefined || delivery.actor_id === null) return 'not_wanted';
  // Asked now, not when it was told: who was locked meanwhile gets no mail.
  if (await isLocked(deps.db, delivery.actor_id)) return 'not_wanted';
  const address = await addressOf(deps.db, deps.sealer, delivery.actor_id);
  if (address === undefined) return 'not_wanted';
  await mail.send(mailFor(delivery, address, deps.archive));
  return 'delivered';
}

async function tryLater(deps: DeliverDeps, delivery: Delivery, error: ArchiveError): Promise<void> {
  const { id, kind, told_at: toldAt } = delivery;
  const channel = delivery.channel as Channel;
  const attempts = delivery.attempts + 1;
  const nowMs = deps.clock.now().getTime();
  const lastMs = toldAt.getTime() + GIVEN_UP_AFTER_MS;
  const { code } = error;
  if (error.retry === 'never' || nowMs >= lastMs) {
    await end(deps, id, 'given_up', code);
    deps.onGivenUp({ channel, kind, attempts, code });
    return;
  }
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20));
  await deps.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('notice_delivery')
      .set({ attempts, last_failure: code })
      .where('id', '=', id)
      .execute();
    await deps.queue.deliver(tx, { id, channel }, new Date(Math.min(nowMs + pauseMs, lastMs)));
  });
}

async function end(
  { db, clock }: DeliverDeps,
  id: string,
  outcome: 'delivered' | 'not_wanted' | 'given_up',
  code?: string,
): Promise<void> {
  await db
    .updateTable('notice_delivery')
    .set(({ eb }) => ({
      ...{ outcome, ended_at: clock.now(), attempts: eb('attempts', '+', 1) },
      ...(code === undefined ? {} : { last_failure: code }),
    }))
    .where('id', '=', id)
    .execute();
}

async function isLocked(db: Db, actorId: string): Promise<boolean> {
  const staff = await db
    .selectFrom('staff')
    .select('locked_at')
    .where('actor_id', '=', actorId)
    .executeTakeFirst();
  return staff === undefined || staff.locked_at !== null;
}
