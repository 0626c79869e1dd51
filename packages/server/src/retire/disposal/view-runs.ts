import type {
  DisposalItemsQuery,
  DisposalItemsView,
  DisposalRunView,
  DisposalView,
  DueView,
} from '@voxkeep/contract';
import { sql } from 'kysely';
import { dayOf, formatDay } from '../../core/zone.ts';
import type { RunRow } from './decide-run.ts';
import { countDue, countKept, dueRecords } from './due-records.ts';
import type { Officer, RunDeps } from './ports.ts';
import { disposalError } from './run-error.ts';

export type ViewDeps = Pick<RunDeps, 'db' | 'clock' | 'timeZone' | 'mostAlone'> & {
  /** Words of a rejection. */
  texts: { open(id: string, sealed: Buffer): Buffer };
  /** When the archive looks next for what is due; undefined where it does not. */
  nextLook(): Date | undefined;
};

const FIRST_SHOWN = 100;

export async function viewDue(deps: ViewDeps): Promise<DueView> {
  const { db, clock, timeZone, mostAlone } = deps;
  const asOf = formatDay(dayOf(timeZone, clock.now()));
  const [counts, kept, first, pending] = await Promise.all([
    countDue(db, asOf),
    countKept(db, asOf),
    dueRecords(db, asOf, { limit: FIRST_SHOWN }),
    db
      .selectFrom('pending_destruction as p')
      .innerJoin('disposal as d', 'd.record_id', 'p.record_id')
      .select(({ fn }) => [fn.countAll<string>().as('count'), fn.min('d.disposed_at').as('since')])
      .where('envelope_gone', '=', false)
      .executeTakeFirstOrThrow(),
  ]);
  const nextLook = deps.nextLook();
  return {
    ...{ asOf, counts, ...kept, first, mostAlone },
    records: counts.reduce((sum, one) => sum + one.records, 0),
    ...(nextLook === undefined ? {} : { nextLook: nextLook.toISOString() }),
    pendingDestructions: Number(pending.count),
    ...(pending.since === null ? {} : { pendingSince: pending.since.toISOString() }),
  };
}

/** Rejects with DISPOSAL_RUN_UNKNOWN. */
export async function viewRun(
  deps: ViewDeps,
  officer: Officer,
  id: string,
): Promise<DisposalRunView> {
  const [view] = await viewRuns(deps, officer, { id, limit: 1 });
  if (view === undefined) throw disposalError('DISPOSAL_RUN_UNKNOWN', `no run ${id}`, 'id');
  return view;
}

/** Newest first. */
export async function viewRuns(
  deps: ViewDeps,
  officer: Officer,
  wanted: { id?: string; state?: string | undefined; before?: string | undefined; limit: number },
): Promise<DisposalRunView[]> {
  let query = deps.db
    .selectFrom('disposal_run')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(wanted.limit);
  if (wanted.id !== undefined) query = query.where('id', '=', wanted.id);
  if (wanted.state !== undefined) query = query.where('state', '=', wanted.state);
  if (wanted.before !== undefined) query = query.where('id', '<', wanted.before);
  const rows = await query.execute();
  return Promise.all(rows.map((row) => shown(deps, officer, row)));
}

async function shown(deps: ViewDeps, officer: Officer, row: RunRow): Promise<DisposalRunView> {
  const { db } = deps;
  const [items, decisions, name] = await Promise.all([
    db
      .selectFrom('disposal_item')
      .select(['ground', 'rule', 'tier', 'state', 'why'])
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('run_id', '=', row.id)
      .groupBy(['ground', 'rule', 'tier', 'state', 'why'])
      .orderBy('ground')
      .orderBy('rule')
      .orderBy('tier')
      .execute(),
    db
      .selectFrom('disposal_decision as d')
      .leftJoin('staff as s', 's.actor_id', 'd.actor_id')
      .select(['d.actor_id', 's.display_name', 'd.decision', 'd.at', 'd.sealed_reason', 'd.person'])
      .where('run_id', '=', row.id)
      .orderBy('at')
      .execute(),
    db
      .selectFrom('staff')
      .select('display_name')
      .where('actor_id', '=', row.proposed_by)
      .executeTakeFirst(),
  ]);
  const sumOf = (state: string) =>
    items.reduce((sum, one) => sum + (one.state === state ? Number(one.count) : 0), 0);
  const person = officer.personRef;
  const isParty = row.person === person || decisions.some((one) => one.person === person);
  const party = (id: string, display: string | null | undefined) => ({
    ...{ id },
    ...(display === null || display === undefined ? {} : { name: display }),
  });
  return {
    ...{ id: row.id, kind: row.kind, state: row.state, asOf: row.as_of, records: row.records },
    ...{ disposed: sumOf('disposed'), deferred: sumOf('deferred') },
    alone: row.canonical === null,
    proposedBy: party(row.proposed_by, name?.display_name),
    proposedAt: row.proposed_at.toISOString(),
    decideBy: row.decide_by.toISOString(),
    ...(row.begun_at === null ? {} : { begunAt: row.begun_at.toISOString() }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at.toISOString() }),
    decisions: decisions.map(({ actor_id, display_name, decision, at, sealed_reason: words }) => ({
      ...{ by: party(actor_id, display_name), decision, at: at.toISOString() },
      ...(words === null ? {} : { reason: deps.texts.open(row.id, words).toString() }),
    })),
    mayDecide:
      row.state === 'proposed' &&
      row.decide_by > deps.clock.now() &&
      person !== undefined &&
      !isParty,
    counts: summed(items, ({ ground, rule, tier }) => ({ ground, rule, tier })),
    kept: summed(
      items.filter((one) => one.state === 'deferred'),
      ({ why }) => ({ why }),
    ),
  } as DisposalRunView;
}

/** Counts of rows that are alike in what `keyOf` takes of them. */
function summed<R extends { count: string }, K extends object>(
  rows: readonly R[],
  keyOf: (row: R) => K,
): (K & { records: number })[] {
  const sums = new Map<string, K & { records: number }>();
  for (const row of rows) {
    const key = keyOf(row);
    const name = JSON.stringify(key);
    const before = sums.get(name)?.records ?? 0;
    sums.set(name, { ...key, records: before + Number(row.count) });
  }
  return [...sums.values()];
}

/** The records of a run by id. Rejects with DISPOSAL_RUN_UNKNOWN. */
export async function viewItems(
  { db }: Pick<ViewDeps, 'db'>,
  runId: string,
  { state, after, limit }: DisposalItemsQuery,
): Promise<DisposalItemsView> {
  const run = await db
    .selectFrom('disposal_run')
    .select('id')
    .where('id', '=', runId)
    .executeTakeFirst();
  if (run === undefined) throw disposalError('DISPOSAL_RUN_UNKNOWN', `no run ${runId}`, 'id');
  let query = db
    .selectFrom('disposal_item')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('record_id')
    .limit(limit);
  if (state !== undefined) query = query.where('state', '=', state);
  if (after !== undefined) query = query.where('record_id', '>', after);
  const rows = await query.execute();
  const last = rows.at(-1);
  return {
    items: rows.map(({ record_id: recordId, tier, ground, rule, state: is, why, at }) => ({
      ...{ recordId, tier, ground, rule, state: is },
      ...(why === null ? {} : { why }),
      ...(at === null ? {} : { at: at.toISOString() }),
    })),
    ...(rows.length < limit || last === undefined ? {} : { next: last.record_id }),
  } as DisposalItemsView;
}

/** What became of a record. Rejects with RECORD_NOT_DISPOSED. */
export async function viewDisposal(
  { db }: Pick<ViewDeps, 'db'>,
  recordId: string,
): Promise<DisposalView> {
  const row = await db
    .selectFrom('disposal')
    .selectAll()
    .select(sql<number>`jsonb_array_length(facts::jsonb->'objects')`.as('objects'))
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  if (row === undefined) {
    throw disposalError('RECORD_NOT_DISPOSED', `record ${recordId} is not disposed of`, 'id');
  }
  const pending = await db
    .selectFrom('pending_destruction')
    .select('site')
    .distinct()
    .where('record_id', '=', recordId)
    .where('envelope_gone', '=', false)
    .orderBy('site')
    .execute();
  const { unreadable_at, locked_until, beyond_old_copies_at, disposed_at } = row;
  return {
    ...{ recordId, runId: row.run_id, how: row.how, ground: row.ground, rule: row.rule },
    ...{ clause: row.clause, keepUntil: row.keep_until, disposedAt: disposed_at.toISOString() },
    ...{ digest: row.digest, objects: row.objects },
    pendingSites: pending.map((one) => one.site),
    ...(unreadable_at === null ? {} : { unreadableAt: unreadable_at.toISOString() }),
    ...(locked_until === null ? {} : { lockedUntil: locked_until.toISOString() }),
    ...(beyond_old_copies_at === null
      ? {}
      : { beyondOldCopiesAt: beyond_old_copies_at.toISOString() }),
  } as DisposalView;
}
