import { sql } from 'kysely';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { type HoldRow, holdRow } from './hold-rows.ts';
import { openSearch } from './hold-words.ts';
import { insertHeld, lockRecords } from './place-hold.ts';
import type { HoldDeps } from './ports.ts';

const BATCH = 500;
/** One statement looks at no more than the calls of so many days. */
const WINDOW_MS = 31 * 86_400_000;

export type WalkDeps = Pick<HoldDeps, 'db' | 'clock' | 'audit' | 'texts' | 'searches'>;

/**
 * Takes each living hold's search over all calls, oldest first, and notes what it finds. Resolves to false
 * when it was broken off; it goes on from there. Calls that come or change behind it are caught when they do.
 * Rejects, once the others are done, for a search that cannot be walked.
 */
export async function walkHolds(deps: WalkDeps, signal?: AbortSignal): Promise<boolean> {
  const waiting = await deps.db
    .selectFrom('legal_hold')
    .select('id')
    .where('released_at', 'is', null)
    .where('sealed_query', 'is not', null)
    .where('caught_up_to', 'is', null)
    .orderBy('id')
    .execute();
  let failure: unknown;
  for (const { id } of waiting) {
    try {
      if (!(await walkHold(deps, id, signal))) return false;
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return true;
}

async function walkHold(deps: WalkDeps, holdId: string, signal?: AbortSignal): Promise<boolean> {
  for (;;) {
    if (signal?.aborted === true) return false;
    const more = await deps.db.transaction().execute((tx) => walkBatch(deps, tx, holdId));
    if (!more) return true;
  }
}

/** The hold's row first, then those of records, in the order of their ids. */
async function walkBatch(deps: WalkDeps, tx: Tx, holdId: string): Promise<boolean> {
  const row = await holdRow(tx, holdId, true);
  const { sealed_query: search, released_at: released, caught_up_to: caughtUpTo } = row;
  if (released !== null || search === null || caughtUpTo !== null) return false;
  const now = deps.clock.now();
  const found = await nextCalls(deps, tx, row, search);
  const { living } = await lockRecords(tx, await notExempt(tx, holdId, found?.ids ?? []));
  const records = await insertHeld(tx, holdId, living, now);
  const reached = found?.reached;
  await tx
    .updateTable('legal_hold')
    .set(
      reached === undefined
        ? { caught_up_to: now }
        : { reached_at: reached.at, reached_id: reached.id },
    )
    .where('id', '=', holdId)
    .execute();
  if (records > 0) {
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'hold.catch', resource: holdId, outcome: 'ok' },
      detail: { records },
    });
  }
  return found !== undefined;
}

/** What the search finds next, and up to which call it has looked then; undefined at the end. */
async function nextCalls(
  deps: WalkDeps,
  tx: Tx,
  row: HoldRow,
  sealedSearch: Buffer,
): Promise<{ ids: string[]; reached: { at: Date; id: string } } | undefined> {
  const after =
    row.reached_at === null || row.reached_id === null
      ? sql`true`
      : sql`c.started_at >= ${row.reached_at}
          and (c.started_at, c.id) > (${row.reached_at}, ${row.reached_id}::uuid)`;
  const { rows: firsts } = await sql<{ started_at: Date }>`select c.started_at from call c
    where ${after} order by c.started_at, c.id limit 1`.execute(tx);
  const [first] = firsts;
  if (first === undefined) return undefined;
  const end = new Date(first.started_at.getTime() + WINDOW_MS);
  const condition = deps.searches.condition(openSearch(deps.texts, row.id, sealedSearch));
  const { rows } = await sql<{ id: string; started_at: Date }>`select c.id, c.started_at from call c
    where ${after} and c.started_at < ${end} and ${condition}
    order by c.started_at, c.id limit ${BATCH}`.execute(tx);
  const last = rows.at(-1);
  const ids = rows.map((one) => one.id);
  if (rows.length === BATCH && last !== undefined) {
    return { ids, reached: { at: last.started_at, id: last.id } };
  }
  // Just before what begins at the window's end.
  const before = new Date(end.getTime() - 1);
  return { ids, reached: { at: before, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' } };
}

async function notExempt(tx: Tx, holdId: string, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('hold_exemption')
    .select('record_id')
    .where('hold_id', '=', holdId)
    .where('record_id', 'in', ids)
    .execute();
  const exempt = new Set(rows.map((one) => one.record_id));
  return ids.filter((id) => !exempt.has(id));
}
