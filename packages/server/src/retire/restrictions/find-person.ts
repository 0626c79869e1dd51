import { type RawBuilder, sql } from 'kysely';
import { blindIndex, phoneIndexes } from '../../core/blind-index.ts';
import type { Queryable } from '../../core/database.ts';
import type { CallKey, PersonDeps } from './ports.ts';
import type { Person, Reach } from './watch-person.ts';

/**
 * A person's calls by blind indexes, of whole numbers only, oldest first: those after `after`, at most
 * `limit`. Whoever searches notes it in the ledger.
 */
export async function findPerson(
  db: Queryable,
  { indexKeys }: Pick<PersonDeps, 'indexKeys'>,
  person: Person,
  reach: Reach,
  page: { after?: CallKey | undefined; limit: number },
): Promise<CallKey[]> {
  const is = isPersons(indexKeys, person, reach);
  if (is === undefined) return [];
  const { after, limit } = page;
  const later =
    after === undefined
      ? sql`true`
      : sql`c.started_at >= ${after.startedAt}
          and (c.started_at, c.id) > (${after.startedAt}, ${after.id}::uuid)`;
  const { rows } = await sql<{ id: string; started_at: Date }>`
    select c.id, c.started_at from call c where ${is} and ${later}
    order by c.started_at, c.id limit ${limit}`.execute(db);
  return rows.map((row) => ({ id: row.id, startedAt: row.started_at }));
}

/** How many there are. */
export async function countPerson(
  db: Queryable,
  { indexKeys }: Pick<PersonDeps, 'indexKeys'>,
  person: Person,
  reach: Reach,
): Promise<number> {
  const is = isPersons(indexKeys, person, reach);
  if (is === undefined) return 0;
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from call c where ${is}`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/** Whether a call is one of the person's. */
export async function isOfPerson(
  db: Queryable,
  { indexKeys }: Pick<PersonDeps, 'indexKeys'>,
  person: Person,
  reach: Reach,
  recordId: string,
): Promise<boolean> {
  const is = isPersons(indexKeys, person, reach);
  if (is === undefined) return false;
  const { rows } = await sql`
    select 1 from record r join call c on c.started_at = r.started_at and c.id = r.id
    where r.id = ${recordId}::uuid and ${is}`.execute(db);
  return rows.length > 0;
}

function isPersons(
  keys: PersonDeps['indexKeys'],
  { phone, account }: Person,
  { phoneBefore, accountBefore, bound }: Reach,
): RawBuilder<boolean> | undefined {
  const parts: RawBuilder<unknown>[] = [];
  if (account !== undefined) {
    const indexes = keys.held.map((held) => blindIndex(held.account, 'account', account));
    const before = accountBefore === undefined ? sql`true` : sql`c.started_at < ${accountBefore}`;
    parts.push(sql`(${oneIndexOf('c.account_index', indexes)} and ${before})`);
  }
  const full = keys.held.flatMap((held) =>
    phone === undefined ? [] : (phoneIndexes(held.phone, phone)?.full ?? []),
  );
  if (full.length > 0) {
    const another = bound ? sql`c.account_index is null` : sql`true`;
    parts.push(sql`(${oneIndexOf('c.phone_index', full)}
      and c.started_at < ${phoneBefore} and ${another})`);
  }
  return parts.length === 0 ? undefined : sql<boolean>`(${sql.join(parts, sql` or `)})`;
}

/** A value is another one in each epoch of the index that is held; a call has one of them. */
const oneIndexOf = (column: string, indexes: readonly bigint[]): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} = any(${indexes.map(String)}::bigint[])`;
