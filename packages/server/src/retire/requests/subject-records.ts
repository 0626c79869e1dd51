import type { SubjectRecord } from '@voxkeep/contract';
import type { Queryable } from '../../core/database.ts';
import type { RecordState, Tier } from '../../record/vocabulary.ts';
import { findPerson } from '../restrictions/index.ts';
import { noteSearch, type Officer } from './enter-request.ts';
import type { SubjectDeps } from './ports.ts';
import { askedIn, type RequestRow, reachOf, requestRow, todayIn } from './request-row.ts';

/**
 * The person's records, and what becomes of each and why: of an erasure that was granted those that are
 * restricted by it, in the order of their ids, else those that are found now, the oldest first; at most one
 * more than the limit. The look stands in the ledger. Rejects with SUBJECT_REQUEST_UNKNOWN.
 */
export async function subjectRecords(
  deps: SubjectDeps,
  { actor }: Officer,
  id: string,
  page: { after?: string | undefined; limit: number },
): Promise<SubjectRecord[]> {
  const row = await requestRow(deps.db, id);
  const ids = await recordIdsOf(deps, row, page);
  await deps.db.transaction().execute((tx) => noteSearch(deps, tx, id, actor, ids.length));
  const erased = row.kind === 'erasure';
  const found = await fateOf(deps.db, ids, todayIn(deps), erased);
  return ids.flatMap((one) => found.get(one) ?? []);
}

async function recordIdsOf(
  deps: SubjectDeps,
  row: RequestRow,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<string[]> {
  if (row.kind === 'erasure' && row.decided_at !== null && row.state !== 'refused') {
    let query = deps.db
      .selectFrom('record_restriction')
      .select('record_id')
      .where('cause_id', '=', row.id);
    if (after !== undefined) query = query.where('record_id', '>', after);
    const rows = await query
      .orderBy('record_id')
      .limit(limit + 1)
      .execute();
    return rows.map((one) => one.record_id);
  }
  const from =
    after === undefined
      ? undefined
      : await deps.db
          .selectFrom('record')
          .select(['id', 'started_at'])
          .where('id', '=', after)
          .executeTakeFirst();
  const key = from && { id: from.id, startedAt: from.started_at };
  const calls = await findPerson(deps.db, deps, askedIn(deps, row), reachOf(deps, row), {
    ...{ after: key, limit: limit + 1 },
  });
  return calls.map((call) => call.id);
}

/** By what the one place that lets a record go would answer, were it asked today. */
async function fateOf(
  db: Queryable,
  ids: readonly string[],
  today: string,
  erased: boolean,
): Promise<Map<string, SubjectRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('record as r')
    .leftJoin('record_term as t', 't.record_id', 'r.id')
    .select(['r.id', 'r.state', 'r.tier', 'r.started_at'])
    .select(['t.keep_until', 't.due_on', 't.open_ended', 't.rule'])
    .where('r.id', 'in', ids)
    .execute();
  const held = await db
    .selectFrom('held_record')
    .select('record_id')
    .where('record_id', 'in', ids)
    .execute();
  const isHeld = new Set(held.map((one) => one.record_id));
  return new Map(
    rows.map((row) => {
      // What is restricted goes when its minimum is over, whatever the house would do with it.
      const soon = erased || row.state === 'restricted';
      const day = soon ? row.keep_until : row.due_on;
      const because = becauseOf(row, isHeld.has(row.id));
      const goesOn = because !== 'rule' || day === null ? {} : { goesOn: later(day, today) };
      return [
        row.id,
        {
          ...{ id: row.id, startedAt: row.started_at.toISOString(), because },
          ...{ state: row.state as RecordState, ...goesOn },
          ...(row.tier === null ? {} : { tier: row.tier as Tier }),
          ...(row.rule === null ? {} : { rule: row.rule }),
        },
      ];
    }),
  );
}

function becauseOf(
  row: { state: string; rule: string | null; open_ended: boolean | null },
  held: boolean,
): SubjectRecord['because'] {
  if (row.state === 'disposed') return 'gone';
  if (held) return 'held';
  if (row.rule === null) return 'no_term';
  return row.open_ended === true ? 'open_ended' : 'rule';
}

const later = (a: string, b: string): string => (a > b ? a : b);
