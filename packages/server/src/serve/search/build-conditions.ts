import type { SearchQuery } from '@voxkeep/contract';
import { type RawBuilder, sql } from 'kysely';
import { blindIndex, type IndexKeys, phoneDigits, tokenHashes } from '../../core/blind-index.ts';
import { queryWords, textTokens } from '../../core/text-tokens.ts';
import { parseDay, startOfDay } from '../../core/zone.ts';
import { searchError } from './search-error.ts';

type Condition = RawBuilder<boolean>;

export interface Conditions {
  /** Over `call c`, access limits included. */
  call: Condition[];
  /** The same without what only `call` has: over `call_text c`. */
  text: Condition[];
  /** Few calls can match, by number or ticket: the text is looked at last, not first. */
  few: boolean;
  tokens: number[] | undefined;
  /** What the shown lines must really contain, normalised. */
  words: string[];
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
  const { minDurationS: least, maxDurationS: most } = query;
  if (least !== undefined && most !== undefined && least > most) {
    const message = 'the longest duration is shorter than the shortest';
    throw searchError('SEARCH_QUERY_INVALID', message, 'maxDurationS');
  }
  const both: Condition[] = [access];
  if (from !== undefined) both.push(sql`c.started_at >= ${from}`);
  if (to !== undefined) both.push(sql`c.started_at < ${to}`);
  if (query.agent !== undefined) both.push(oneOf('c.agent_id', query.agent));
  if (query.issueType !== undefined) both.push(oneOf('c.issue_type', query.issueType));
  if (query.team !== undefined) both.push(oneOf('c.team_id', query.team));
  if (query.tier !== undefined) both.push(oneOf('c.tier', query.tier));
  if (query.segment !== undefined) both.push(oneOf('c.segment', query.segment));
  if (query.industry !== undefined) both.push(oneOf('c.industry', query.industry));
  if (query.channel !== undefined) both.push(sql`c.channel = ${query.channel}`);
  if (query.direction !== undefined) both.push(sql`c.direction = ${query.direction}`);
  if (least !== undefined) both.push(sql`c.duration_s >= ${least}`);
  if (most !== undefined) both.push(sql`c.duration_s <= ${most}`);
  if (query.hasFindings === 'true') both.push(sql`c.finding_count > 0`);
  if (query.hasFindings === 'false') both.push(sql`c.finding_count = 0`);
  if (query.ticket !== undefined) {
    const index = blindIndex(keys.account, 'ticket', query.ticket);
    both.push(sql`(c.started_at, c.id) in (select k.started_at, k.record_id from call_ticket k
      where k.ticket_index = ${String(index)}::bigint)`);
  }
  const call = query.phone === undefined ? both : [...both, phoneCondition(query.phone, keys)];
  const few = query.phone !== undefined || query.ticket !== undefined;
  return { call, text: both, few, from, to, ...textCondition(query.text, keys) };
}

export const allOf = (conditions: Condition[]): Condition => sql.join(conditions, sql` and `);

function oneOf(column: string, values: string[]): Condition {
  const [first, ...more] = values;
  // Equality lets the planner use an index's following columns; an array of one does not always.
  if (more.length === 0 && first !== undefined) return sql`${sql.ref(column)} = ${first}`;
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
  const written = phone.normalize('NFKC').trim();
  const masked = /^(?:\+?86[\s-]*)?(\d{3})[\s-]*[*xX·•.…]{2,8}[\s-]*(\d{4})$/.exec(written);
  if (masked !== null) {
    const index = blindIndex(keys.phone, 'phone-masked', `${masked[1]}${masked[2]}`);
    return sql`c.phone_masked_index = ${String(index)}::bigint`;
  }
  const digits = phoneDigits(written);
  if (!/^[\d\s()+.\-/]+$/.test(written) || digits.length < 4) {
    const forms = 'give a whole number, its last four digits, or 138****2641';
    throw searchError('SEARCH_QUERY_INVALID', forms, 'phone');
  }
  if (digits.length === 4) {
    const index = blindIndex(keys.phone, 'phone-last4', digits);
    return sql`c.phone_last4_index = ${String(index)}::bigint`;
  }
  return sql`c.phone_index = ${String(blindIndex(keys.phone, 'phone', digits))}::bigint`;
}

function textCondition(
  text: string | undefined,
  keys: IndexKeys,
): Pick<Conditions, 'tokens' | 'words'> {
  if (text === undefined) return { tokens: undefined, words: [] };
  const { words, tooShort } = queryWords(text);
  const [short] = tooShort;
  if (short !== undefined) {
    const message = `"${short}" is too short: two characters at least`;
    throw searchError('SEARCH_TEXT_TOO_SHORT', message, 'text');
  }
  if (words.length === 0) {
    const message = 'give a word of two characters at least that is not in every call';
    throw searchError('SEARCH_TEXT_TOO_SHORT', message, 'text');
  }
  const tokens = tokenHashes(keys.text, new Set(words.flatMap((word) => [...textTokens(word)])));
  return { tokens, words };
}
