import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Stream, TICKET_MS } from '@voxkeep/contract';
import { ArchiveError } from '../../core/errors.ts';

/**
 * TICKET_REQUIRED: none was shown. TICKET_INVALID: not made here, or for another session, record or
 * stream. TICKET_EXPIRED: was good once.
 */
export type TicketErrorCode = 'TICKET_REQUIRED' | 'TICKET_INVALID' | 'TICKET_EXPIRED';

const SHAPE = /^([0-9a-z]{1,11})\.([A-Za-z0-9_-]{43})$/;

/** What a ticket is good for, and for whom. */
export interface Bound {
  /** The session, so that a ticket in other hands opens nothing. */
  holder: string;
  recordId: string;
  stream: Stream;
}

/** Of a lasting secret: what signs tickets signs nothing else. */
export function ticketKeyOf(secret: Buffer): Buffer {
  return createHmac('sha256', secret).update('voxkeep/stream-ticket/v1').digest();
}

/** `<end in base 36>.<HMAC-SHA256 in base64url>`; what it is bound to is not in it. */
export function issueTicket(
  key: Buffer,
  bound: Bound,
  now: Date,
): { ticket: string; expiresAt: Date } {
  const expiresAt = new Date(now.getTime() + TICKET_MS);
  const end = expiresAt.getTime().toString(36);
  return { ticket: `${end}.${sign(key, bound, end).toString('base64url')}`, expiresAt };
}

/** Resolves to when the ticket ends. Throws TicketErrorCode. */
export function checkTicket(
  key: Buffer,
  bound: Bound,
  ticket: string | undefined,
  now: Date,
): { expiresAt: Date } {
  if (ticket === undefined) throw ticketError('TICKET_REQUIRED', 'a stream needs a ticket');
  const [, end = '', mac = ''] = SHAPE.exec(ticket) ?? [];
  const given = Buffer.from(mac, 'base64url');
  const right = sign(key, bound, end);
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw ticketError('TICKET_INVALID', 'the ticket is not for this session, record and stream');
  }
  const expiresAt = new Date(Number.parseInt(end, 36));
  if (expiresAt <= now) throw ticketError('TICKET_EXPIRED', 'the ticket has expired');
  return { expiresAt };
}

/**
 * Names a ticket where it must not stand itself: `t` and 16 hex digits of its SHA-256, which without a letter
 * before them would now and then be taken for somebody's number.
 */
export const ticketDigest = (ticket: string): string =>
  `t${createHash('sha256').update(ticket).digest('hex').slice(0, 16)}`;

function sign(key: Buffer, bound: Bound, end: string): Buffer {
  const { holder, recordId, stream } = bound;
  return createHmac('sha256', key)
    .update(JSON.stringify([holder, recordId, stream, end]))
    .digest();
}

function ticketError(code: TicketErrorCode, message: string) {
  return new ArchiveError<TicketErrorCode>(code, message, { field: 'query/ticket' });
}
