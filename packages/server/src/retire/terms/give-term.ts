import type { TermChange } from '@voxkeep/contract';
import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import type { Tx } from '../../core/database.ts';
import { recordCases } from './record-cases.ts';
import type { RetentionRules } from './rules-in-force.ts';
import { type Term, type TermDays, termOf } from './term.ts';
import { changeOf } from './term-change.ts';

export interface TermDeps {
  clock: Clock;
  /** The archive's zone: days are of it. */
  timeZone: string;
  rules: RetentionRules;
}

/** A term that was given, and what it was before. */
export interface GivenTerm {
  recordId: string;
  before?: TermDays & { rule: string };
  after: Term;
  /** Undefined for the first, and where every day stays. */
  change?: TermChange;
}

/**
 * Gives a record its term by the rules in force and the days that were told, in the caller's transaction:
 * the record's row is locked until it ends. Undefined for a record that is not classified yet, or disposed
 * of: neither has a term.
 */
export async function giveTerm(
  deps: TermDeps,
  tx: Tx,
  recordId: string,
): Promise<GivenTerm | undefined> {
  const [given] = await giveTerms(deps, tx, [recordId]);
  return given;
}

/** The same of many at once; they are locked in the order of their ids. */
export async function giveTerms(
  deps: TermDeps,
  tx: Tx,
  recordIds: readonly string[],
): Promise<GivenTerm[]> {
  if (recordIds.length === 0) return [];
  // First, by itself: what is read after it is what whoever held the lock left.
  await tx
    .selectFrom('record')
    .select('id')
    .where('id', 'in', [...recordIds])
    .orderBy('id')
    .forUpdate()
    .execute();
  const { number, profiles } = await deps.rules.during(tx);
  const cases = await recordCases(tx, recordIds, deps.timeZone);
  const given = cases.map(({ recordId, case: one, term: before }): GivenTerm => {
    const after = termOf(profiles, one);
    const change = before === undefined ? undefined : changeOf(before, after);
    return {
      ...{ recordId, after },
      ...(before === undefined ? {} : { before }),
      ...(change === undefined ? {} : { change }),
    };
  });
  await writeTerms(tx, given, number);
  await noteShortLocks(deps, tx, given);
  return given;
}

async function writeTerms(tx: Tx, given: readonly GivenTerm[], rules: number): Promise<void> {
  if (given.length === 0) return;
  await tx
    .insertInto('record_term')
    .values(
      given.map(({ recordId, after }) => ({
        ...{ record_id: recordId, rules, rule: after.rule },
        ...{ keep_until: after.keepUntil, open_ended: after.openEnded },
        ...{ at_most: after.atMost ?? null, due_on: after.dueOn ?? null },
        why: JSON.stringify(after.why),
      })),
    )
    .onConflict((conflict) =>
      conflict.column('record_id').doUpdateSet(({ ref }) => ({
        rules: ref('excluded.rules'),
        rule: ref('excluded.rule'),
        keep_until: ref('excluded.keep_until'),
        open_ended: ref('excluded.open_ended'),
        at_most: ref('excluded.at_most'),
        due_on: ref('excluded.due_on'),
        why: ref('excluded.why'),
      })),
    )
    .execute();
}

/**
 * Records whose copies have to be locked for longer: those that are kept longer now (a copy of them may be
 * on its way), and those that have a copy whose lock ends too early.
 */
async function noteShortLocks(
  { clock, timeZone }: TermDeps,
  tx: Tx,
  given: readonly GivenTerm[],
): Promise<void> {
  if (given.length === 0) return;
  const longer = given.filter(
    ({ before, after }) => before !== undefined && after.keepUntil > before.keepUntil,
  );
  const ids = given.map((one) => one.recordId);
  const longerIds = longer.map((one) => one.recordId);
  await sql`insert into pending_lock (record_id, not_before)
    select t.record_id, ${clock.now()} from record_term t
    where t.record_id = any (${ids}::uuid[]) and (t.record_id = any (${longerIds}::uuid[])
      or exists (select from sealed_object o join object_copy c on c.object_id = o.id
        where o.record_id = t.record_id and o.destroyed_at is null
          and c.locked_until < t.keep_until::timestamp at time zone ${timeZone}))
    order by t.record_id
    -- Waits for whoever extends them now, by what was before.
    on conflict (record_id) do update set not_before = excluded.not_before`.execute(tx);
}
