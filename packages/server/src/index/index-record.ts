import { sql } from 'kysely';
import { blindIndex, type IndexKeys, phoneIndexes, tokenHashes } from '../core/blind-index.ts';
import type { Tx } from '../core/database.ts';
import { textTokens } from '../core/text-tokens.ts';
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

/** A statement may have 65,535 parameters; a call takes 17. */
const ROWS_A_STATEMENT = 500;

/** Makes one record findable, or as it is now when it was before, in the caller's transaction. */
export const indexRecord = (tx: Tx, row: CallRow, keys: IndexKeys): Promise<void> =>
  indexRecords(tx, [row], keys);

/**
 * The same for many records at once, with one statement a table. Whether a record is restricted
 * stays as it was.
 */
export async function indexRecords(tx: Tx, rows: CallRow[], keys: IndexKeys): Promise<void> {
  if (rows.length === 0) return;
  await ensureMonths(tx, rows);
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
    const some = rows.slice(at, at + ROWS_A_STATEMENT);
    await upsertCalls(tx, some, keys);
    await upsertTexts(tx, some, keys);
    await replaceLinks(tx, some, keys);
  }
}

/**
 * Makes the partitions of the rows' months. Asked of the database each time, since what another
 * program or a rolled-back transaction did to them is known there only; it takes some 50 µs.
 */
async function ensureMonths(tx: Tx, rows: CallRow[]): Promise<void> {
  const months = new Map(
    rows.map((row) => [row.startedAt.toISOString().slice(0, 7), row.startedAt]),
  );
  // In one order everywhere, so that two programs that make the same months do not wait in a ring.
  const moments = [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, moment]) => moment);
  await sql`select voxkeep_ensure_month(m) from unnest(${moments}::timestamptz[]) m`.execute(tx);
}

async function upsertCalls(tx: Tx, rows: CallRow[], keys: IndexKeys): Promise<void> {
  await tx
    .insertInto('call')
    .values(
      rows.map((row) => {
        const phone = row.phone === undefined ? undefined : phoneIndexes(keys.phone, row.phone);
        return {
          ...filterValues(row),
          phone_index: phone?.full ?? null,
          phone_last4_index: phone?.last4 ?? null,
          phone_masked_index: phone?.masked ?? null,
          account_index:
            row.account === undefined ? null : blindIndex(keys.account, 'account', row.account),
          fields: row.fields,
        };
      }),
    )
    .onConflict((conflict) =>
      conflict.columns(['started_at', 'id']).doUpdateSet((excluded) => ({
        duration_s: excluded.ref('excluded.duration_s'),
        tier: excluded.ref('excluded.tier'),
        issue_type: excluded.ref('excluded.issue_type'),
        agent_id: excluded.ref('excluded.agent_id'),
        team_id: excluded.ref('excluded.team_id'),
        channel: excluded.ref('excluded.channel'),
        direction: excluded.ref('excluded.direction'),
        segment: excluded.ref('excluded.segment'),
        industry: excluded.ref('excluded.industry'),
        phone_index: excluded.ref('excluded.phone_index'),
        phone_last4_index: excluded.ref('excluded.phone_last4_index'),
        phone_masked_index: excluded.ref('excluded.phone_masked_index'),
        account_index: excluded.ref('excluded.account_index'),
        finding_count: excluded.ref('excluded.finding_count'),
        fields: excluded.ref('excluded.fields'),
      })),
    )
    .execute();
}

async function upsertTexts(tx: Tx, rows: CallRow[], keys: IndexKeys): Promise<void> {
  await tx
    .insertInto('call_text')
    .values(
      rows.map((row) => {
        // Turns stay apart: a pair never spans two of them.
        const tokens = textTokens(row.texts.join('\n'));
        return { ...filterValues(row), tokens: tokenHashes(keys.text, tokens) };
      }),
    )
    .onConflict((conflict) =>
      conflict.columns(['started_at', 'id']).doUpdateSet((excluded) => ({
        duration_s: excluded.ref('excluded.duration_s'),
        tier: excluded.ref('excluded.tier'),
        issue_type: excluded.ref('excluded.issue_type'),
        agent_id: excluded.ref('excluded.agent_id'),
        team_id: excluded.ref('excluded.team_id'),
        channel: excluded.ref('excluded.channel'),
        direction: excluded.ref('excluded.direction'),
        segment: excluded.ref('excluded.segment'),
        industry: excluded.ref('excluded.industry'),
        finding_count: excluded.ref('excluded.finding_count'),
        tokens: excluded.ref('excluded.tokens'),
      })),
    )
    .execute();
}

/** What both tables hold. */
function filterValues(row: CallRow) {
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
    finding_count: row.findingCount,
  };
}

async function replaceLinks(tx: Tx, rows: CallRow[], keys: IndexKeys): Promise<void> {
  const ids = rows.map((row) => row.id);
  const legs = rows.flatMap((row) =>
    [...new Set([row.agentId, ...row.legAgentIds])].map((agentId) => ({
      record_id: row.id,
      started_at: row.startedAt,
      agent_id: agentId,
    })),
  );
  const tickets = rows.flatMap((row) =>
    [...new Set(row.ticketIds)].map((ticketId) => ({
      ticket_index: blindIndex(keys.account, 'ticket', ticketId),
      record_id: row.id,
      started_at: row.startedAt,
    })),
  );
  await sql`delete from call_leg where record_id = any(${ids}::uuid[])`.execute(tx);
  await sql`delete from call_ticket where record_id = any(${ids}::uuid[])`.execute(tx);
  await tx.insertInto('call_leg').values(legs).execute();
  if (tickets.length > 0) await tx.insertInto('call_ticket').values(tickets).execute();
}
