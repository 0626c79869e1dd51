import { TICKET_MS, type Ticket } from '@voxkeep/contract';
import { ask } from '../api/client.ts';
import type { Source } from './pick-source.ts';

/** Where a stream is now; a new address now and then, as its ticket ends. */
export interface Address {
  /** False when the next request would come too late: `renew` first. */
  good(): boolean;
  /** An address that is good. Rejects with ApiProblem. */
  renew(): Promise<string>;
}

/** Between the answer that was good and the request that has to be, time passes. */
const MARGIN_MS = 10_000;

/** The address of a record's stream, with a ticket. */
export function ticketed(recordId: string, source: Source, now = () => Date.now()): Address {
  let goodUntil = 0;
  return {
    // What is converted while it plays is one request from its beginning: nothing comes after it.
    good: () => source.converted || now() < goodUntil,
    async renew() {
      // Counted from the asking, by this machine's clock alone: the two may differ by hours.
      const asked = now();
      const { stream } = source;
      const body = { stream };
      const { ticket } = await ask<Ticket>(`/records/${recordId}/ticket`, { method: 'POST', body });
      goodUntil = asked + TICKET_MS - MARGIN_MS;
      return `${source.url}?ticket=${encodeURIComponent(ticket)}`;
    },
  };
}
