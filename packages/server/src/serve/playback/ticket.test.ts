import { TICKET_MS } from '@voxkeep/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import { factsFault } from '../../core/plain-facts.ts';
import { type Bound, checkTicket, issueTicket, ticketDigest, ticketKeyOf } from './ticket.ts';

const key = ticketKeyOf(Buffer.alloc(32, 1));
const bound: Bound = { holder: 'session-1', recordId: 'record-1', stream: 'media' };
const now = new Date('2026-11-27T02:00:00Z');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ArchiveError) return error.code;
    throw error;
  }
  return 'good';
}

it('is good for two minutes and not a millisecond longer', () => {
  const { ticket, expiresAt } = issueTicket(key, bound, now);
  const at = (ms: number) => codeOf(() => checkTicket(key, bound, ticket, new Date(+now + ms)));
  expect(expiresAt.getTime() - now.getTime()).toBe(120_000);
  expect([at(0), at(TICKET_MS - 1), at(TICKET_MS)]).toEqual(['good', 'good', 'TICKET_EXPIRED']);
  expect(checkTicket(key, bound, ticket, now).expiresAt).toEqual(expiresAt);
});

it.each<Partial<Bound>>([{ holder: 'session-2' }, { recordId: 'record-2' }, { stream: 'h264' }])(
  'is good for nobody and nothing else: %o',
  (other) => {
    const { ticket } = issueTicket(key, bound, now);
    const check = () => checkTicket(key, { ...bound, ...other }, ticket, now);
    expect(codeOf(check)).toBe('TICKET_INVALID');
  },
);

it('one changed character anywhere makes it worth nothing, also a later end', () => {
  const { ticket } = issueTicket(key, bound, now);
  const place = fc.nat({ max: ticket.length - 1 });
  const letter = fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzABCXYZ_-.=~ 留');
  fc.assert(
    fc.property(place, letter, (at, other) => {
      // The last of 43 characters of base64 holds two bits that are no part of the 32 bytes.
      fc.pre(ticket[at] !== other && at < ticket.length - 1);
      const changed = ticket.slice(0, at) + other + ticket.slice(at + 1);
      expect(codeOf(() => checkTicket(key, bound, changed, now))).toBe('TICKET_INVALID');
    }),
  );
});

it('what is no ticket at all is told from one that is missing', () => {
  for (const text of ['', '.', 'x', `${'z'.repeat(12)}.${'A'.repeat(43)}`, '留声']) {
    expect(codeOf(() => checkTicket(key, bound, text, now))).toBe('TICKET_INVALID');
  }
  expect(codeOf(() => checkTicket(key, bound, undefined, now))).toBe('TICKET_REQUIRED');
});

it('the key of tickets is not the secret it comes from, nor good for another archive', () => {
  const { ticket } = issueTicket(key, bound, now);
  for (const other of [Buffer.alloc(32, 1), ticketKeyOf(Buffer.alloc(32, 2))]) {
    expect(codeOf(() => checkTicket(other, bound, ticket, now))).toBe('TICKET_INVALID');
  }
});

it('the name of a ticket fits into the ledger, also where chance gives it no letter', () => {
  const names = Array.from({ length: 20_000 }, (_, at) => ticketDigest(`ticket-${at}`));
  expect(names.filter((ticket) => factsFault({ ticket }, 'detail') !== undefined)).toEqual([]);
});
