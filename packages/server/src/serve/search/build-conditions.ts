import type { SearchQuery } from '@voxkeep/contract';
import { type RawBuilder, sql } from 'kysely';
import {
  blindIndex,
  type IndexKeys,
  normaliseText,
  phoneDigits,
  textTokens,
  tokenHashes,
} from '../../core/blind-index.ts';
import { parseDay, startOfDay } from '../../core/zone.ts';
import { searchError } from './search-error.ts';

type Condition = RawBuilder<boolean>;

export interface Conditions {
  /** Over `call c`, access limits included. */
  call: Condition[];
  /** Over `call_text t`: what it repeats of them, to narrow the text index. */
  text: Condition[];
  tokens: number[] | undefined;
  /** What the shown lines must really contain, normalised. */
  phrases: string[];
  from: Date | undefined;
  /** Exclusive. */
  to: Date | undefined;
}

/** The SQL of a query. Rejects with SEARCH_QUERY_INVALID or SEARCH_TEXT_TOO_SHORT naming the field. */
export function buildConditions(
  query: SearchQuery,
  access: Condition,
  keys: IndexKeys,
  timeZone: string,
): Conditions {
  const from = query.from === undefined ? undefined : instant(query.from, 0, 'from', timeZone);
  const to = query.to === undefined ? undefined : instant(query.to, 1, 'to', timeZone);
  if (from !== undefined && to !== undefined && from >= to) {
    throw searchError('SEARCH_QUERY_INVALID', 'the time range ends before it begins', 'to');
  }
  const call: Condition[] = [access];
  const text: Condition[] = [];
  const both = (condition: (alias: 'c' | 't') => Condition) => {
    call.push(condition('c'));
    text.push(condition('t'));
  };
  if (from !== undefined) both((a) => sql`${sql.ref(`${a}.started_at`)} >= ${from}`);
  if (to !== undefined) both((a) => sql`${sql.ref(`${a}.started_at`)} < ${to}`);
  if (query.agent !== undefined) both((a) => oneOf(`${a}.agent_id`, query.agent ?? []));
  if (query.issueType !== undefined) both((a) => oneOf(`${a}.issue_type`, query.issueType ?? []));
  if (query.team !== undefined) call.push(oneOf('c.team_id', query.team));
  if (query.tier !== undefined) call.push(oneOf('c.tier', query.tier));
  if (query.segment !== undefined) call.push(oneOf('c.segment', query.segment));
  if (query.industry !== undefined) call.push(oneOf('c.industry', query.industry));
  if (query.channel !== undefined) call.push(sql`c.channel = ${query.channel}`);
  if (query.direction !== undefined) call.push(sql`c.direction = ${query.direction}`);
  if (query.minDurationS !== undefined) call.push(sql`c.duration_s >= ${query.minDurationS}`);
  if (query.maxDurationS !== undefined) call.push(sql`c.duration_s <= ${query.maxDurationS}`);
  if (query.hasFindings === 'true') call.push(sql`c.finding_count > 0`);
  if (query.hasFindings === 'false') call.push(sql`c.finding_count = 0`);
  if (query.phone !== undefined) call.push(phoneCondition(query.phone, keys));
  if (query.ticket !== undefined) {
    const index = blindIndex(keys.account, 'ticket', query.ticket);
    call.push(
      sql`c.id in (select record_id from call_ticket where ticket_index = ${String(index)}::bigint)`,
    );
  }
  return { call, text, from, to, ...textCondition(query.text, keys) };
}

export const allOf = (conditions: Condition[]): Condition =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);

function oneOf(column: string, values: string[]): Condition {
  const [first, ...more] = values;
  // Equality lets the planner use an index's following columns; an array of one does not always.
  if (more.length === 0) return sql`${sql.ref(column)} = ${first}`;
  return sql`${sql.ref(column)} = any(${values}::text[])`;
}

function instant(text: string, addDays: number, field: string, timeZone: string): Date {
  const day = parseDay(text);
  if (day !== undefined) return startOfDay(timeZone, { ...day, day: day.day + addDays });
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) {
    throw searchError('SEARCH_QUERY_INVALID', 'is not a date or time', field);
  }
  return date;
}

/** A whole number, its last four digits, or three and four around stars. */
function phoneCondition(phone: string, keys: IndexKeys): Condition {
  const masked = /^(\d{3})\s*[*＊xX·.…]{2,8}\s*(\d{4})$/.exec(phone.trim());
  if (masked !== null) {
    const index = blindIndex(keys.phone, 'phone-masked', `${masked[1]}${masked[2]}`);
    return sql`c.phone_masked_index = ${String(index)}::bigint`;
  }
  const digits = phoneDigits(phone);
  if (digits.length === 4) {
    const index = blindIndex(keys.phone, 'phone-last4', digits);
    return sql`c.phone_last4_index = ${String(index)}::bigint`;
  }
  if (digits.length >= 7) {
    return sql`c.phone_index = ${String(blindIndex(keys.phone, 'phone', digits))}::bigint`;
  }
  const forms = 'give a whole number, its last four digits, or 138****2641';
  throw searchError('SEARCH_QUERY_INVALID', forms, 'phone');
}

function textCondition(
  text: string | undefined,
  keys: IndexKeys,
): Pick<Conditions, 'tokens' | 'phrases'> {
  if (text === undefined) return { tokens: undefined, phrases: [] };
  const phrases = normaliseText(text)
    .split(/[\s,，。;；、]+/)
    .filter((phrase) => phrase !== '');
  const tokens = new Set<string>();
  for (const phrase of phrases) {
    const found = textTokens(phrase);
    if (found.size === 0) {
      const message = `"${phrase.slice(0, 20)}" is too short: two characters at least`;
      throw searchError('SEARCH_TEXT_TOO_SHORT', message, 'text');
    }
    for (const token of found) tokens.add(token);
  }
  if (tokens.size === 0) {
    throw searchError('SEARCH_TEXT_TOO_SHORT', 'two characters at least', 'text');
  }
  return { tokens: tokenHashes(keys.text, tokens), phrases };
}
