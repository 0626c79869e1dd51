import type { HoldLine, HoldsQuery, HoldsView, HoldView } from '@voxkeep/contract';
import { sql } from 'kysely';
import { namesOf } from '../../access/index.ts';
import type { Db } from '../../core/database.ts';
import { type HoldRow, holdRow } from './hold-rows.ts';
import { openReason, openSearch, openWords } from './hold-words.ts';
import type { SealedTexts } from './ports.ts';

export interface ViewDeps {
  db: Db;
  texts: SealedTexts;
}

/** A page of holds, newest first. */
export async function listHolds(
  { db, texts }: ViewDeps,
  { state, before, limit }: HoldsQuery,
): Promise<HoldsView> {
  let query = db
    .selectFrom('legal_hold')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (state !== 'all')
    query = query.where('released_at', state === 'living' ? 'is' : 'is not', null);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const ids = page.map((row) => row.id);
  const [names, counts, told, living] = await Promise.all([
    namesOf(
      db,
      page.map((row) => row.placed_by),
    ),
    countRecords(db, ids),
    countTold(db, ids),
    countLiving(db),
  ]);
  return {
    holds: page.map((row): HoldLine => {
      const { custodians, acknowledged } = told.get(row.id) ?? { custodians: 0, acknowledged: 0 };
      const { matter } = openWords(texts, row.id, row.sealed);
      return { ...lineOf(row, names, counts), matter, custodians, acknowledged };
    }),
    ...(last === undefined ? {} : { next: last.id }),
    living,
  };
}

/** All of a hold but its records. Rejects with HOLD_UNKNOWN. */
export async function viewHold({ db, texts }: ViewDeps, id: string): Promise<HoldView> {
  const row = await holdRow(db, id);
  const { matter, reason } = openWords(texts, row.id, row.sealed);
  const told = await db
    .selectFrom('hold_custodian')
    .selectAll()
    .where('hold_id', '=', row.id)
    .orderBy('actor_id')
    .execute();
  const { released_by: releasedBy, sealed_release: release, sealed_query: sealed } = row;
  const people = [row.placed_by, ...told.map((one) => one.actor_id)];
  const names = await namesOf(db, releasedBy === null ? people : [...people, releasedBy]);
  const { n } = await db
    .selectFrom('hold_exemption')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('hold_id', '=', row.id)
    .executeTakeFirstOrThrow();
  const releasedByName = releasedBy === null ? undefined : names.get(releasedBy);
  return {
    ...lineOf(row, names, await countRecords(db, [row.id])),
    ...{ matter, reason, exempted: Number(n) },
    custodians: told.map((one) => custodianOf(one, names)),
    ...(releasedBy === null ? {} : { releasedBy }),
    ...(releasedByName === undefined ? {} : { releasedByName }),
    ...(release === null ? {} : { releaseReason: openReason(texts, row.id, 'release', release) }),
    ...(sealed === null ? {} : { search: shown(openSearch(texts, row.id, sealed)) }),
    ...(sealed === null ? {} : { progress: progressOf(row) }),
  };
}

function lineOf(
  row: HoldRow,
  names: ReadonlyMap<string, string>,
  counts: ReadonlyMap<string, number>,
): Omit<HoldLine, 'matter' | 'custodians' | 'acknowledged'> {
  const placedByName = names.get(row.placed_by);
  const living = row.released_at === null;
  return {
    ...{ id: row.id, state: living ? 'living' : 'released', placedBy: row.placed_by },
    ...(placedByName === undefined ? {} : { placedByName }),
    placedAt: row.placed_at.toISOString(),
    ...(row.released_at === null ? {} : { releasedAt: row.released_at.toISOString() }),
    records: counts.get(row.id) ?? 0,
    searches: row.sealed_query !== null,
    walking: living && row.sealed_query !== null && row.caught_up_to === null,
  };
}

function custodianOf(
  told: {
    actor_id: string;
    told_at: Date;
    acknowledged_at: Date | null;
    release_acknowledged_at: Date | null;
  },
  names: ReadonlyMap<string, string>,
): HoldView['custodians'][number] {
  const name = names.get(told.actor_id);
  const { acknowledged_at: placed, release_acknowledged_at: released } = told;
  return {
    ...{ id: told.actor_id, toldAt: told.told_at.toISOString() },
    ...(name === undefined ? {} : { name }),
    ...(placed === null ? {} : { acknowledgedAt: placed.toISOString() }),
    ...(released === null ? {} : { releaseAcknowledgedAt: released.toISOString() }),
  };
}

function progressOf({ reached_at, caught_up_to }: HoldRow): NonNullable<HoldView['progress']> {
  return {
    ...(reached_at === null ? {} : { reachedAt: reached_at.toISOString() }),
    ...(caught_up_to === null ? {} : { caughtUpTo: caught_up_to.toISOString() }),
  };
}

/** Only what was asked for. */
const shown = (search: object): NonNullable<HoldView['search']> =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));

async function countRecords(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('held_record')
    .select(({ fn }) => ['hold_id', fn.countAll<string>().as('n')])
    .where('hold_id', 'in', [...ids])
    .groupBy('hold_id')
    .execute();
  return new Map(rows.map((row) => [row.hold_id, Number(row.n)]));
}

/** Of each hold: who was told, and who has read what is true of it now. */
async function countTold(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { custodians: number; acknowledged: number }>> {
  const { rows } = await sql<{ hold_id: string; told: string; said: string }>`
    select c.hold_id, count(*) as told, count(*) filter (where case when h.released_at is null
      then c.acknowledged_at is not null else c.release_acknowledged_at is not null end) as said
    from hold_custodian c join legal_hold h on h.id = c.hold_id
    where c.hold_id = any (${[...ids]}::uuid[]) group by c.hold_id`.execute(db);
  return new Map(
    rows.map(({ hold_id, told, said }) => [
      hold_id,
      { custodians: Number(told), acknowledged: Number(said) },
    ]),
  );
}

async function countLiving(db: Db): Promise<number> {
  const { n } = await db
    .selectFrom('legal_hold')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('released_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(n);
}
