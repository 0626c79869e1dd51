import type { NoticeKind } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../core/database.ts';
import type { NoticeAddress } from './address.ts';
import { MAIL_WORDS, SIGN_IN_TO_SEE } from './mail-words.ts';

export type Delivery = Selectable<Tables['notice_delivery']>;

/** How the archive is called and where a browser finds it. */
export interface ArchiveAddress {
  archiveName: string;
  publicUrl: string;
}

/** The webhook's JSON: type, timestamp and data, as Standard Webhooks has it. Ids and counts only. */
export function webhookBody(delivery: Delivery): string {
  const { kind, severity, resource, detail } = delivery;
  return JSON.stringify({
    type: kind,
    timestamp: delivery.told_at.toISOString(),
    data: { severity, ...(resource === null ? {} : { resource }), detail },
  });
}

/** The mail in the person's language: the kind and a link, not what it is about. */
export function mailFor(
  delivery: Delivery,
  { address, language }: NoticeAddress,
  { archiveName, publicUrl }: ArchiveAddress,
): { id: string; to: string; subject: string; text: string } {
  const words = MAIL_WORDS[delivery.kind as NoticeKind][language];
  return {
    ...{ id: delivery.id, to: address, subject: `${words} · ${archiveName}` },
    text: `${words}\n\n${publicUrl}\n\n${SIGN_IN_TO_SEE[language]}\n`,
  };
}
