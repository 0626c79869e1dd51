import { sql } from 'kysely';
import { blindIndex, type IndexKeys, phoneIndexes, tokenHashes } from '../core/blind-index.ts';
import type { Tx } from '../core/database.ts';
import { textTokens } from '../core/text-tokens.ts';
import type { CallChannel, Direction, Tier } from '../record/vocabulary.ts';
import { replaceTickets } from './replace-tickets.ts';

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

/** Makes one record findable, or as it is now when it was before, in the caller's transaction. */
export const indexRecord = (tx: Tx, row: CallRow, keys: IndexKeys): Promise<void> =>
  indexRecords(tx, [row], keys);

/** Bounds what one statement holds in memory. */
const ROWS_A_STATEMENT = 1000;

/**
 * The same for many records at once, with one statement a table. Whether a record is restricted
 * stays as it was.
 */
export async function indexRecords(tx: Tx, rows: CallRow[], keys: IndexKeys): Promise<void> {
  if (rows.length === 0) return;
  await ensureMonths(tx, rows);
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
    const some = rows.slice(at, at + ROWS_A_STATEMENT);
    const filters = filterColumns(some);
    await upsert(tx, 'call', { ...filters, ...callColumns(some, keys) });
    await upsert(tx, 'call_text', { ...filters, ...textColumns(some, keys) });
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

/** A column's SQL type and its values, one a row. */
type Column = [
  type: 'uuid' | 'timestamptz' | 'int2' | 'int4' | 'int8' | 'text' | 'bytea',
  values: unknown[],
];

/** What both tables hold. */
function filterColumns(rows: CallRow[]): Record<string, Column> {
  return {
    id: ['uuid', rows.map((row) => row.id)],
    started_at: ['timestamptz', rows.map((row) => row.startedAt.toISOString())],
    duration_s: ['int4', rows.map((row) => Math.round(row.durationMs / 1000))],
    tier: ['text', rows.map((row) => row.tier)],
    issue_type: ['text', rows.map((row) => row.issueType)],
    agent_id: ['text', rows.map((row) => row.agentId)],
    team_id: ['text', rows.map((row) => row.teamId ?? null)],
    channel: ['text', rows.map((row) => row.channel)],
    direction: ['text', rows.map((row) => row.direction)],
    segment: ['text', rows.map((row) => row.segment ?? null)],
    industry: ['text', rows.map((row) => row.industry ?? null)],
    finding_count: ['int4', rows.map((row) => row.findingCount)],
  };
}

function callColumns(rows: CallRow[], keys: IndexKeys): Record<string, Column> {
  const phones = rows.map((row) =>
    row.phone === undefined ? undefined : phoneIndexes(keys.phone, row.phone),
  );
  const accounts = rows.map((row) =>
    row.account === undefined ? undefined : blindIndex(keys.account, 'account', row.account),
  );
  return {
    phone_index: ['int8', phones.map((phone) => phone?.full.toString() ?? null)],
    phone_last4_index: ['int8', phones.map((phone) => phone?.last4.toString() ?? null)],
    phone_masked_index: ['int8', phones.map((phone) => phone?.masked?.toString() ?? null)],
    account_index: ['int8', accounts.map((account) => account?.toString() ?? null)],
    fields: ['bytea', rows.map((row) => row.fields)],
    index_epoch: ['int2', rows.map(() => keys.epoch)],
  };
}

function textColumns(rows: CallRow[], keys: IndexKeys): Record<string, Column> {
  // Turns stay apart: a pair never spans two of them. Arrays of unequal length go in as text.
  const hashes = rows.map((row) => tokenHashes(keys.text, textTokens(row.texts.join('\n'))));
  return { tokens: ['text', hashes.map((tokens) => `{${tokens.join(',')}}`)] };
}

/** Arrays of columns: one plan for any number of rows, and a parameter a column. */
async function upsert(
  tx: Tx,
  table: 'call' | 'call_text',
  columns: Record<string, Column>,
): Promise<void> {
  const names = Object.keys(columns);
  const arrays = Object.values(columns).map(([type, values]) => sql`${values}::${sql.raw(type)}[]`);
  const values = names.map((name) =>
    name === 'tokens' ? sql`r.tokens::int4[]` : sql.ref(`r.${name}`),
  );
  const changes = names
    .filter((name) => name !== 'id' && name !== 'started_at')
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  const list = sql.join(names.map((name) => sql.ref(name)));
  await sql`insert into ${sql.table(table)} (${list})
    select ${sql.join(values)} from unnest(${sql.join(arrays)}) r(${list})
    on conflict (started_at, id) do update set ${sql.join(changes)}`.execute(tx);
}

/** Legs and tickets as they are now. */
async function replaceLinks(tx: Tx, rows: CallRow[], keys: IndexKeys): Promise<void> {
  const ids = rows.map((row) => row.id);
  const legs = rows.flatMap((row) =>
    [...new Set([row.agentId, ...row.legAgentIds])].map((agentId) => ({ row, agentId })),
  );
  await sql`delete from call_leg where record_id = any(${ids}::uuid[])`.execute(tx);
  await sql`insert into call_leg (record_id, started_at, agent_id) select * from unnest(
    ${legs.map(({ row }) => row.id)}::uuid[],
    ${legs.map(({ row }) => row.startedAt.toISOString())}::timestamptz[],
    ${legs.map(({ agentId }) => agentId)}::text[])`.execute(tx);
  await replaceTickets(tx, rows, keys);
}
