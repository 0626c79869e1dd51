import type { SearchQuery } from '@voxkeep/contract';
import { type RawBuilder, sql } from 'kysely';
import { blindIndex, type IndexKeyring, phoneDigits, tokenHashes } from '../../core/blind-index.ts';
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
  /** In each epoch of the index that is held; one of them has to be there whole. */
  tokens: number[][] | undefined;
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
  keys: IndexKeyring,
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
    const { ticket } = query;
    const indexes = keys.held.map(({ account }) => blindIndex(account, 'ticket', ticket));
    both.push(sql`(c.started_at, c.id) in (select k.started_at, k.record_id from call_ticket k
      where ${oneIndexOf('k.ticket_index', indexes)})`);
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

/** A value is another one in each epoch; until all calls are brought over, any may be there. */
function oneIndexOf(column: string, indexes: bigint[]): Condition {
  const [first, ...more] = indexes.map(String);
  if (more.length === 0) return sql`${sql.ref(column)} = ${first}::bigint`;
  return sql`${sql.ref(column)} = any(${[first, ...more]}::bigint[])`;
}

/** Over a row with `tokens`, known by that name. */
export function hasTokens(row: string, tokens: number[][]): Condition {
  const ways = tokens.map((hashes) => sql`${sql.ref(`${row}.tokens`)} @> ${hashes}::int4[]`);
  return sql`(${sql.join(ways, sql` or `)})`;
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
function phoneCondition(phone: string, keys: IndexKeyring): Condition {
  const oneOfPhone = (column: string, field: string, value: string) =>
    oneIndexOf(
      column,
      keys.held.map((held) => blindIndex(held.phone, field, value)),
    );
  const written = phone.normalize('NFKC').trim();
  const masked = /^(?:\+?86[\s-]*)?(\d{3})[\s-]*[*xX·•.…]{2,8}[\s-]*(\d{4})$/.exec(written);
  if (masked !== null) {
    return oneOfPhone('c.phone_masked_index', 'phone-masked', `${masked[1]}${masked[2]}`);
  }
  const digits = phoneDigits(written);
  if (!/^[\d\s()+.\-/]+$/.test(written) || digits.length < 4) {
    const forms = 'give a whole number, its last four digits, or 138****2641';
    throw searchError('SEARCH_QUERY_INVALID', forms, 'phone');
  }
  if (digits.length === 4) {
    return oneOfPhone('c.phone_last4_index', 'phone-last4', digits);
  }
  return oneOfPhone('c.phone_index', 'phone', digits);
}

function textCondition(
  text: string | undefined,
  keys: IndexKeyring,
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
  const plain = new Set(words.flatMap((word) => [...textTokens(word)]));
  const tokens = keys.held.map((held) => tokenHashes(held.text, plain));
  return { tokens, words };
}
