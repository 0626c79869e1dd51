import type { RetentionPreview, TermChange } from '@voxkeep/contract';
import { sql } from 'kysely';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Queryable } from '../../core/database.ts';
import { TIERS } from '../../record/vocabulary.ts';
import { ANCHORS, type Profiles, type RetentionCase } from '../retention.ts';
import { daysOf } from './record-cases.ts';
import { digestOf } from './rules-in-force.ts';
import { type TermDays, termOf } from './term.ts';
import { changeOf } from './term-change.ts';

/** Records that the rules see alike and that have the same term. */
interface Group {
  case: RetentionCase;
  before: TermDays;
  rule: string;
  records: number;
}

type Line = RetentionPreview['lines'][number];

const EXAMPLES = 20;
const TierOf = z.enum(TIERS);
const Told = z.partialRecord(z.enum(ANCHORS), z.iso.date());

/** Every record that has a term, as `t` and `r`. */
const TERMS = sql`record_term t join record r on r.id = t.record_id and r.state <> 'disposed'`;

/**
 * What other rules would change for the records of the archive, by change, tier, and the rules that win
 * before and after. Its digest is of the two rules and of the kinds of change: that more records of a kind
 * arrive makes no other preview, a kind that was not there does.
 */
export async function previewRules(
  db: Queryable,
  rules: { text: string; profiles: Profiles },
  inForce: number,
): Promise<RetentionPreview> {
  const groups = await groupsOf(db);
  const counts: RetentionPreview['counts'] = {
    ...{ longer: 0, shorter: 0, opens: 0, closes: 0, sooner: 0, later: 0 },
  };
  const lines = new Map<string, { line: Line; groups: Group[] }>();
  for (const group of groups) {
    const after = termOf(rules.profiles, group.case);
    const change = changeOf(group.before, after);
    if (change === undefined) continue;
    counts[change] += group.records;
    const { tier } = group.case;
    const kind = canonicalJson([change, tier, group.rule, after.rule]);
    const found = lines.get(kind) ?? {
      line: { change, tier, before: group.rule, after: after.rule, records: 0, examples: [] },
      groups: [],
    };
    found.line.records += group.records;
    found.groups.push(group);
    lines.set(kind, found);
  }
  const sorted = [...lines].toSorted(([a], [b]) => a.localeCompare(b));
  for (const [, { line, groups: alike }] of sorted) {
    line.examples = await examplesOf(db, alike, rules.profiles);
  }
  const kinds = sorted.map(([kind]) => kind);
  return {
    digest: digestOf(canonicalJson({ rules: digestOf(rules.text), inForce, kinds })),
    inForce,
    records: groups.reduce((sum, { records }) => sum + records, 0),
    counts,
    lines: sorted.map(([, { line }]) => line),
  };
}

async function groupsOf(db: Queryable): Promise<Group[]> {
  const { rows } = await sql<{
    tier: string;
    industry: string | null;
    business_type: string | null;
    called: string;
    anchors: unknown;
    keep_until: string;
    open_ended: boolean;
    at_most: string | null;
    due_on: string | null;
    rule: string;
    records: string;
  }>`select r.tier, r.facts->'classification'->>'industry' as industry,
      r.facts->'classification'->>'businessType' as business_type,
      t.why->>'called' as called, t.why->'anchors' as anchors,
      t.keep_until, t.open_ended, t.at_most, t.due_on, t.rule, count(*) as records
    from ${TERMS} group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`.execute(db);
  return rows.map((row) => ({
    case: {
      ...{ tier: TierOf.parse(row.tier), called: row.called, anchors: Told.parse(row.anchors) },
      ...{ industry: row.industry ?? undefined, businessType: row.business_type ?? undefined },
    },
    before: daysOf(row),
    ...{ rule: row.rule, records: Number(row.records) },
  }));
}

/** Of the largest groups first: they are found soonest. */
async function examplesOf(
  db: Queryable,
  groups: readonly Group[],
  profiles: Profiles,
): Promise<Line['examples']> {
  const examples: Line['examples'] = [];
  for (const group of groups.toSorted((a, b) => b.records - a.records)) {
    if (examples.length >= EXAMPLES) break;
    const { case: one, before, rule } = group;
    const { rows } = await sql<{ record_id: string }>`select t.record_id from ${TERMS}
      where r.tier = ${one.tier} and t.rule = ${rule} and t.why->>'called' = ${one.called}
        and r.facts->'classification'->>'industry' is not distinct from ${one.industry ?? null}
        and r.facts->'classification'->>'businessType'
          is not distinct from ${one.businessType ?? null}
        and t.why->'anchors' = ${JSON.stringify(one.anchors)}::jsonb
        and t.keep_until = ${before.keepUntil} and t.open_ended = ${before.openEnded}
        and t.at_most is not distinct from ${before.atMost ?? null}::date
        and t.due_on is not distinct from ${before.dueOn ?? null}::date
      limit ${EXAMPLES - examples.length}`.execute(db);
    const after = shownDays(termOf(profiles, one));
    for (const { record_id: recordId } of rows) {
      examples.push({ recordId, before: shownDays(before), after });
    }
  }
  return examples;
}

const shownDays = ({ keepUntil, openEnded, atMost, dueOn }: TermDays) => ({
  ...{ keepUntil, openEnded },
  ...(atMost === undefined ? {} : { atMost }),
  ...(dueOn === undefined ? {} : { dueOn }),
});

/** How many records may go on an earlier day than before. */
export const shortened = (counts: Record<TermChange, number>): number =>
  counts.shorter + counts.closes + counts.sooner;
