import type { Tx } from '../core/database.ts';

export type Channel = 'webhook' | 'mail';

/** Why something did not go out. ADDRESS_REFUSED is for good; the others are tried again. */
export type DeliveryErrorCode =
  | 'RECEIVER_UNREACHABLE'
  | 'RECEIVER_TOO_SLOW'
  | 'RECEIVER_NOT_TRUSTED'
  | 'RECEIVER_REDIRECTS'
  | 'RECEIVER_REFUSED'
  | 'SIGN_IN_REFUSED'
  | 'ADDRESS_REFUSED';

/** Jobs of deliveries; each channel is worked by itself, one delivery after another. */
export interface DeliveryQueue {
  /** Joins the caller's transaction. At once, or not before `at`; a later call replaces the job. */
  deliver(tx: Tx, delivery: { id: string; channel: Channel }, at?: Date): Promise<void>;
}

/** Posts to the one configured address. Rejects with a DeliveryErrorCode. */
export interface WebhookSender {
  /** `id` stays the same over all tries, so that a receiver knows what it had already. */
  send(message: { id: string; sentAt: Date; body: string }): Promise<void>;
}

/** Hands one mail to the configured server. Rejects with a DeliveryErrorCode. */
export interface MailSender {
  send(mail: { id: string; to: string; subject: string; text: string }): Promise<void>;
}

/** Seals a person's address under a key of the key folder, bound to its id. */
export interface AddressSealer {
  seal(id: string, plain: Buffer): Buffer;
  open(id: string, sealed: Buffer): Buffer;
}
