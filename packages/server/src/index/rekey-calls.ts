import { sql } from 'kysely';
import { blindIndex, type IndexKeys, phoneIndexes, tokenHashes } from '../core/blind-index.ts';
import type { Tx } from '../core/database.ts';
import { textTokens } from '../core/text-tokens.ts';
import type { CallRow } from './index-record.ts';
import { replaceTickets } from './replace-tickets.ts';

/** What the blind indexes of a call are made of. */
export type IndexedValues = Pick<
  CallRow,
  'id' | 'startedAt' | 'phone' | 'account' | 'ticketIds' | 'texts'
>;

/**
 * Makes the blind indexes of calls anew under other keys, in the caller's transaction; all else stays as
 * it is. Calls that were indexed under these keys meanwhile, or are no more, are passed over. Resolves
 * to how many were made anew.
 */
export async function rekeyCalls(
  tx: Tx,
  calls: readonly IndexedValues[],
  keys: IndexKeys,
): Promise<number> {
  if (calls.length === 0) return 0;
  const times = calls.map(({ startedAt }) => startedAt.getTime());
  // So that only the partitions of these calls are looked at.
  const [first, last] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
  const phones = calls.map(({ phone }) =>
    phone === undefined ? undefined : phoneIndexes(keys.phone, phone),
  );
  const { rows: rekeyed } = await sql<{ id: string }>`
    update call c set phone_index = r.phone, phone_last4_index = r.last4,
      phone_masked_index = r.masked, account_index = r.account, index_epoch = ${keys.epoch}
    from unnest(${calls.map(({ id }) => id)}::uuid[],
      ${calls.map(({ startedAt }) => startedAt.toISOString())}::timestamptz[],
      ${phones.map((phone) => phone?.full.toString() ?? null)}::int8[],
      ${phones.map((phone) => phone?.last4.toString() ?? null)}::int8[],
      ${phones.map((phone) => phone?.masked?.toString() ?? null)}::int8[],
      ${calls.map(({ account }) => accountIndex(keys, account))}::int8[])
      r(id, started_at, phone, last4, masked, account)
    where c.started_at = r.started_at and c.id = r.id and c.index_epoch <> ${keys.epoch}
      and c.started_at between ${first} and ${last}
    returning c.id`.execute(tx);
  const ids = new Set(rekeyed.map(({ id }) => id));
  const changed = calls.filter(({ id }) => ids.has(id));
  if (changed.length === 0) return 0;
  const hashes = changed.map(({ texts }) => tokenHashes(keys.text, textTokens(texts.join('\n'))));
  await sql`
    update call_text c set tokens = r.tokens::int4[]
    from unnest(${changed.map(({ id }) => id)}::uuid[],
      ${changed.map(({ startedAt }) => startedAt.toISOString())}::timestamptz[],
      ${hashes.map((tokens) => `{${tokens.join(',')}}`)}::text[]) r(id, started_at, tokens)
    where c.started_at = r.started_at and c.id = r.id
      and c.started_at between ${first} and ${last}`.execute(tx);
  await replaceTickets(tx, changed, keys);
  return changed.length;
}

const accountIndex = (keys: IndexKeys, account: string | undefined): string | null =>
  account === undefined ? null : blindIndex(keys.account, 'account', account).toString();
