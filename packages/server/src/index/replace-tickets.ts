import { sql } from 'kysely';
import { blindIndex, type IndexKeys } from '../core/blind-index.ts';
import type { Tx } from '../core/database.ts';

/** The tickets of calls as they are now. */
export async function replaceTickets(
  tx: Tx,
  calls: readonly { id: string; startedAt: Date; ticketIds: string[] }[],
  keys: IndexKeys,
): Promise<void> {
  const ids = calls.map(({ id }) => id);
  await sql`delete from call_ticket where record_id = any(${ids}::uuid[])`.execute(tx);
  const tickets = calls.flatMap((call) =>
    [...new Set(call.ticketIds)].map((ticketId) => ({
      call,
      index: blindIndex(keys.account, 'ticket', ticketId),
    })),
  );
  if (tickets.length === 0) return;
  await sql`insert into call_ticket (record_id, started_at, ticket_index) select * from unnest(
    ${tickets.map(({ call }) => call.id)}::uuid[],
    ${tickets.map(({ call }) => call.startedAt.toISOString())}::timestamptz[],
    ${tickets.map(({ index }) => index.toString())}::int8[])`.execute(tx);
}
