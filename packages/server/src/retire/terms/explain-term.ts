import type { RecordRetention } from '@voxkeep/contract';
import { RetentionAnchor } from '@voxkeep/contract';
import type { Db } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { TermDeps } from './give-term.ts';
import { recordCases, storedTerm } from './record-cases.ts';
import { termOf } from './term.ts';

/**
 * Until when a record is kept, which rule won, what else applied, and what else keeps or restricts it.
 * Rejects with RECORD_UNKNOWN, also for one that is not classified yet or disposed of.
 */
export async function explainTerm(
  deps: Pick<TermDeps, 'timeZone' | 'rules'> & { db: Db },
  recordId: string,
): Promise<RecordRetention> {
  const { db } = deps;
  const { term, rules, given } = await termNow(deps, recordId);
  const { why } = term;
  const anchors = await db
    .selectFrom('record_anchor')
    .selectAll()
    .where('record_id', '=', recordId)
    .orderBy('anchor')
    .execute();
  const { holds } = await db
    .selectFrom('held_record as h')
    .innerJoin('legal_hold as l', 'l.id', 'h.hold_id')
    .select(({ fn }) => fn.countAll<string>().as('holds'))
    .where('h.record_id', '=', recordId)
    .where('l.released_at', 'is', null)
    .executeTakeFirstOrThrow();
  const restricted = await db
    .selectFrom('record_restriction')
    .select('kind')
    .distinct()
    .where('record_id', '=', recordId)
    .orderBy('kind')
    .execute();
  return {
    ...{ recordId, rules, given, tier: why.tier, called: why.called },
    ...(why.industry === undefined ? {} : { industry: why.industry }),
    ...(why.businessType === undefined ? {} : { businessType: why.businessType }),
    ...{ keepUntil: term.keepUntil, openEnded: term.openEnded, waitsFor: why.waitsFor },
    ...(term.atMost === undefined ? {} : { atMost: term.atMost }),
    ...(term.dueOn === undefined ? {} : { dueOn: term.dueOn }),
    ...{ how: why.how, rule: term.rule, clause: why.clause, verified: why.verified },
    ...(why.source === undefined ? {} : { source: why.source }),
    ...{ from: why.from, alsoApplied: why.alsoApplied },
    anchors: anchors.map((one) => ({
      anchor: RetentionAnchor.parse(one.anchor),
      ...{ day: one.day, toldAt: one.told_at.toISOString(), toldBy: one.told_by },
    })),
    ...{ holds: Number(holds), restricted: restricted.map(({ kind }) => kind) },
  };
}

/** The term that is stored; before the walk has come to a record, the one that it will be given. */
async function termNow(
  { db, timeZone, rules }: Pick<TermDeps, 'timeZone' | 'rules'> & { db: Db },
  recordId: string,
) {
  const stored = await storedTerm(db, recordId);
  if (stored !== undefined) return { term: stored, rules: stored.rules, given: true };
  const [found] = await recordCases(db, [recordId], timeZone);
  if (found === undefined) {
    throw new ArchiveError('RECORD_UNKNOWN', 'there is no such record', { field: 'id' });
  }
  const { number, profiles } = await rules.inForce(db);
  return { term: termOf(profiles, found.case), rules: number, given: false };
}
