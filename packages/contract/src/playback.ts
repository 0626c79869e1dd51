import { z } from 'zod';
import { Id, Instant } from './vocabulary.ts';

/** What a ticket opens: the rendition as it is kept, its picture as H.264, or what was sent in. */
export const STREAMS = ['media', 'h264', 'original'] as const;
export const Stream = z.enum(STREAMS);
export type Stream = z.infer<typeof Stream>;

/** How long a ticket is good. */
export const TICKET_MS = 120_000;

/** Body of POST /api/v1/records/:id/ticket. */
export const TicketIn = z.strictObject({ stream: Stream.default('media') });

/** Good for one session, one record and one stream, until it expires. */
export const Ticket = z.object({ ticket: z.string(), expiresAt: Instant }).meta({ id: 'Ticket' });
export type Ticket = z.infer<typeof Ticket>;

/** Query of every address that gives media. */
export const MediaQuery = z.strictObject({ ticket: z.string().max(200).optional() });

/** Body of POST /api/v1/access/mandates/:id/export: these records, or all in scope. */
export const MOST_EXPORTED = 1000;
export const ExportIn = z.strictObject({
  recordIds: z.array(Id).min(1).max(MOST_EXPORTED).optional(),
});
