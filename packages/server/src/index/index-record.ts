import { sql } from 'kysely';
import {
  blindIndex,
  type IndexKeys,
  phoneIndexes,
  textTokens,
  tokenHashes,
} from '../core/blind-index.ts';
import type { Tx } from '../core/database.ts';
import type { CallChannel, Direction, Tier } from '../record/vocabulary.ts';

/** A record as the catalog takes it; personal values become blind indexes on the way. */
export interface CallRow {
  id: string;
  startedAt: Date;
  durationMs: number;
  tier: Tier;
  issueType: string;
  agentId: string;
  /** Every agent on a leg, the first included or not. */
  legAgentIds: string[];
  teamId?: string;
  channel: CallChannel;
  direction: Direction;
  segment?: string;
  industry?: string;
  phone?: string;
  account?: string;
  ticketIds: string[];
  findingCount: number;
  /** Redacted text of every turn. */
  texts: string[];
  /** What the shown page needs, sealed under the record's key. */
  fields: Buffer;
}

const monthsMade = new WeakMap<object, Set<string>>();

/** Makes one record findable, or as it is now when it was before, in the caller's transaction. */
export const indexRecord = (tx: Tx, row: CallRow, keys: IndexKeys): Promise<void> =>
  indexRecords(tx, [row], keys);

/** The same for many records at once, with one statement a table. */
export async function indexRecords(tx: Tx, rows: CallRow[], keys: IndexKeys): Promise<void> {
  if (rows.length === 0) return;
  await ensureMonths(tx, rows, keys);
  await tx
    .insertInto('call')
    .values(rows.map((row) => callValues(row, keys)))
    .onConflict((conflict) =>
      conflict.columns(['started_at', 'id']).doUpdateSet((excluded) => ({
        tier: excluded.ref('excluded.tier'),
        issue_type: excluded.ref('excluded.issue_type'),
        team_id: excluded.ref('excluded.team_id'),
        segment: excluded.ref('excluded.segment'),
        industry: excluded.ref('excluded.industry'),
        finding_count: excluded.ref('excluded.finding_count'),
        fields: excluded.ref('excluded.fields'),
      })),
    )
    .execute();
  await tx
    .insertInto('call_text')
    .values(
      rows.map((row) => ({
        id: row.id,
        started_at: row.startedAt,
        issue_type: row.issueType,
        agent_id: row.agentId,
        tokens: tokenHashes(keys.text, new Set(row.texts.flatMap((text) => [...textTokens(text)]))),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['started_at', 'id']).doUpdateSet((excluded) => ({
        issue_type: excluded.ref('excluded.issue_type'),
        tokens: excluded.ref('excluded.tokens'),
      })),
    )
    .execute();
  const legs = rows.flatMap((row) =>
    [...new Set([row.agentId, ...row.legAgentIds])].map((agentId) => ({
      record_id: row.id,
      started_at: row.startedAt,
      agent_id: agentId,
    })),
  );
  await tx
    .insertInto('call_leg')
    .values(legs)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const tickets = rows.flatMap((row) =>
    [...new Set(row.ticketIds)].map((ticketId) => ({
      ticket_index: blindIndex(keys.account, 'ticket', ticketId),
      record_id: row.id,
      started_at: row.startedAt,
    })),
  );
  if (tickets.length > 0) {
    await tx
      .insertInto('call_ticket')
      .values(tickets)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

function callValues(row: CallRow, keys: IndexKeys) {
  const phone = row.phone === undefined ? undefined : phoneIndexes(keys.phone, row.phone);
  return {
    id: row.id,
    started_at: row.startedAt,
    duration_s: Math.round(row.durationMs / 1000),
    tier: row.tier,
    issue_type: row.issueType,
    agent_id: row.agentId,
    team_id: row.teamId ?? null,
    channel: row.channel,
    direction: row.direction,
    segment: row.segment ?? null,
    industry: row.industry ?? null,
    phone_index: phone?.full ?? null,
    phone_last4_index: phone?.last4 ?? null,
    phone_masked_index: phone?.masked ?? null,
    account_index:
      row.account === undefined ? null : blindIndex(keys.account, 'account', row.account),
    finding_count: row.findingCount,
    fields: row.fields,
  };
}

/** Partitions are asked for once a month and process; the keys stand for the catalog they index. */
async function ensureMonths(tx: Tx, rows: CallRow[], keys: IndexKeys): Promise<void> {
  const made = monthsMade.get(keys) ?? new Set<string>();
  monthsMade.set(keys, made);
  for (const row of rows) {
    const month = row.startedAt.toISOString().slice(0, 7);
    if (made.has(month)) continue;
    await sql`select voxkeep_ensure_month(${row.startedAt})`.execute(tx);
    // A rolled-back transaction takes the partition with it, so only what is there is remembered.
    const { rows: found } = await sql<{ old: boolean }>`select exists (select 1 from pg_class
      where relname = ${`call_y${month.replace('-', 'm')}`}
      and xmin::text::bigint <> (pg_current_xact_id()::text::bigint & 4294967295)) as old`.execute(
      tx,
    );
    if (found[0]?.old === true) made.add(month);
  }
}
