import type { HoldRecords, HoldRecordsQuery, RecordHolds } from '@voxkeep/contract';
import type { Db } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import { type RecordState, TIERS, type Tier } from '../../record/vocabulary.ts';
import { holdRow } from './hold-rows.ts';
import { openWords } from './hold-words.ts';
import { catchingHolds } from './living-searches.ts';
import type { HoldDeps } from './ports.ts';

/** A page of the records that a hold has noted, by id. Rejects with HOLD_UNKNOWN. */
export async function recordsOf(
  db: Db,
  holdId: string,
  { after, limit }: HoldRecordsQuery,
): Promise<HoldRecords> {
  const { id } = await holdRow(db, holdId);
  let query = db
    .selectFrom('held_record as h')
    .innerJoin('record as r', 'r.id', 'h.record_id')
    .select(['h.record_id', 'h.held_at', 'r.started_at', 'r.state', 'r.tier'])
    .where('h.hold_id', '=', id)
    .orderBy('h.record_id')
    .limit(limit + 1);
  if (after !== undefined) query = query.where('h.record_id', '>', after);
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    records: page.map((row) => {
      const tier = tierOf(row.tier);
      return {
        ...{ recordId: row.record_id, heldAt: row.held_at.toISOString() },
        ...{ startedAt: row.started_at.toISOString(), state: row.state as RecordState },
        ...(tier === undefined ? {} : { tier }),
      };
    }),
    ...(last === undefined ? {} : { next: last.record_id }),
  };
}

const tierOf = (text: string | null): Tier | undefined => TIERS.find((tier) => tier === text);

/** The living holds that keep a record, their searches asked. Rejects with RECORD_UNKNOWN. */
export async function holdsOf(
  deps: Pick<HoldDeps, 'db' | 'texts' | 'searches'>,
  recordId: string,
): Promise<RecordHolds> {
  const unknown = () =>
    new ArchiveError('RECORD_UNKNOWN', 'there is no such record', { field: 'id' });
  if (!isUuid(recordId)) throw unknown();
  return deps.db.transaction().execute(async (tx) => {
    const record = await tx
      .selectFrom('record')
      .select('id')
      .where('id', '=', recordId)
      .executeTakeFirst();
    if (record === undefined) throw unknown();
    const noted = await tx
      .selectFrom('held_record')
      .select(['hold_id', 'held_at'])
      .where('record_id', '=', recordId)
      .execute();
    const heldAt = new Map(noted.map((row) => [row.hold_id, row.held_at]));
    const { caught } = await catchingHolds(deps, tx, recordId);
    const ids = [...new Set([...heldAt.keys(), ...caught])];
    if (ids.length === 0) return { holds: [] };
    const rows = await tx
      .selectFrom('legal_hold')
      .select(['id', 'sealed', 'placed_at'])
      .where('id', 'in', ids)
      .where('released_at', 'is', null)
      .orderBy('id')
      .execute();
    return {
      holds: rows.map(({ id, sealed, placed_at }) => {
        const at = heldAt.get(id);
        return {
          ...{ id, matter: openWords(deps.texts, id, sealed).matter },
          placedAt: placed_at.toISOString(),
          ...(at === undefined ? {} : { heldAt: at.toISOString() }),
        };
      }),
    };
  });
}
