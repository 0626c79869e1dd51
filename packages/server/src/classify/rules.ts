import { z } from 'zod';
import { checkYaml, describeProblems, type YamlProblem } from '../core/checked-yaml.ts';
import { ArchiveError } from '../core/errors.ts';
import { CHANNELS, DIRECTIONS, FINDING_TYPES, TIERS } from '../record/vocabulary.ts';
import { comparable } from './match-words.ts';

export type ClassifyErrorCode = 'CLASSIFICATION_RULES_INVALID';

/** A refusal of a rules file that names every line that is wrong. */
export class ClassificationRulesInvalid extends ArchiveError<ClassifyErrorCode> {
  readonly problems: readonly YamlProblem[];
  constructor(sourceName: string, problems: readonly YamlProblem[]) {
    const field = problems[0]?.field;
    super(
      'CLASSIFICATION_RULES_INVALID',
      describeProblems(sourceName, problems),
      field === undefined ? {} : { field },
    );
    this.problems = problems;
  }
}

const Id = z.string().trim().min(1).max(40);
const Phrase = z
  .string()
  .refine((word) => comparable(word) !== '', 'has no letters')
  .transform(comparable);
const Weight = z.number().positive().max(100);
const WeightedPhrase = z.union([Phrase, z.strictObject({ word: Phrase, weight: Weight })]);
const Patterns = z.array(z.string().min(1).max(100)).min(1);

const When = z
  .strictObject({
    speaker: z.enum(['agent', 'customer', 'any']).default('any'),
    /** Denied words count too: who says that they do not want to die is to be heard. */
    evenDenied: z.boolean().default(false),
    any: z.array(WeightedPhrase).min(1).optional(),
    all: z.array(Phrase).min(1).optional(),
    not: z.array(Phrase).min(1).optional(),
    findings: z.array(z.enum(FINDING_TYPES)).min(1).optional(),
    industry: z.array(Id).min(1).optional(),
    issueType: z.array(Id).min(1).optional(),
    metadata: z
      .strictObject({
        queue: Patterns.optional(),
        team: Patterns.optional(),
        sourceSystem: Patterns.optional(),
        channel: z.array(z.enum(CHANNELS)).min(1).optional(),
        direction: z.array(z.enum(DIRECTIONS)).min(1).optional(),
      })
      .optional(),
  })
  .refine(
    (when) => Object.keys(when).some((key) => !['speaker', 'not', 'evenDenied'].includes(key)),
    'needs a condition besides speaker, not and evenDenied: any, all, findings, industry, issueType, metadata',
  );

const Rule = z.strictObject({ id: Id, weight: Weight.default(1), when: When });

const entry = {
  id: Id,
  zh: z.string().min(1).max(40).optional(),
  en: z.string().min(1).max(80),
  also: z.array(z.string().min(1).max(40)).default([]),
  rules: z.array(Rule).default([]),
};
const Entry = z.strictObject(entry);
const IssueEntry = z.strictObject({ ...entry, tier: z.enum(TIERS) });

const RulesFile = z.strictObject({
  version: z.literal(1),
  thresholds: z.strictObject({ choose: Weight, tier: Weight }),
  negation: z.strictObject({
    negators: z.array(Phrase).min(1),
    neutral: z.array(Phrase),
    idioms: z.array(Phrase).default([]),
  }),
  defaultIssueType: Id,
  issueTypes: z.array(IssueEntry).min(1),
  segments: z.array(Entry),
  industries: z.array(Entry),
  businessTypes: z.array(Entry),
  tiers: z.array(Rule.extend({ tier: z.enum(TIERS) })).default([]),
});

export type Rules = Readonly<z.infer<typeof RulesFile>>;
export type RuleCondition = z.infer<typeof When>;
export type VocabularyEntry = z.infer<typeof Entry>;
export type ClassifyRule = z.infer<typeof Rule>;

const VOCABULARIES = ['industries', 'segments', 'issueTypes', 'businessTypes'] as const;

/**
 * Reads a rules file (docs/classification.md). Rejects with CLASSIFICATION_RULES_INVALID, which
 * lists every problem with `sourceName`, line and field.
 */
export function loadRules(yamlText: string, sourceName: string): Rules {
  const { value, problems } = checkYaml(yamlText, RulesFile, review);
  if (value === undefined) throw new ClassificationRulesInvalid(sourceName, problems);
  return value;
}

/** The names a screen offers for a vocabulary. */
export interface VocabularyName {
  id: string;
  zh: string;
  en: string;
}

const named = (entries: readonly VocabularyEntry[]): VocabularyName[] =>
  entries.map(({ id, zh, en }) => ({ id, zh: zh ?? id, en }));

/** The issue types 问题类型 in the file's order, for screens. */
export const issueTypes = (rules: Rules): VocabularyName[] => named(rules.issueTypes);
/** The industries 行业 in the file's order, for screens. */
export const industries = (rules: Rules): VocabularyName[] => named(rules.industries);
/** The customer segments 客户类型 in the file's order, for screens. */
export const segments = (rules: Rules): VocabularyName[] => named(rules.segments);
/** The business types 业务类型 in the file's order, for screens. */
export const businessTypes = (rules: Rules): VocabularyName[] => named(rules.businessTypes);

type Complaint = { path: (string | number)[]; message: string };

function review(rules: Rules): Complaint[] {
  const complaints: Complaint[] = [];
  const ruleIds = new Set<string>();
  const seeRule = (rule: ClassifyRule, path: (string | number)[]) => {
    if (ruleIds.has(rule.id)) complaints.push({ path: [...path, 'id'], message: 'is used twice' });
    ruleIds.add(rule.id);
    for (const [field, list] of [
      ['industry', rules.industries],
      ['issueType', rules.issueTypes],
    ] as const) {
      rule.when[field]?.forEach((id, at) => {
        if (list.some((one) => one.id === id)) return;
        complaints.push({ path: [...path, 'when', field, at], message: 'is not in its list' });
      });
    }
  };
  for (const name of VOCABULARIES) {
    const known = new Set<string>();
    rules[name].forEach((one, at) => {
      for (const id of new Set([one.id, one.zh ?? one.id, ...one.also].map(comparable))) {
        if (known.has(id))
          complaints.push({ path: [name, at, 'id'], message: 'names another entry too' });
        known.add(id);
      }
      one.rules.forEach((rule, index) => {
        seeRule(rule, [name, at, 'rules', index]);
      });
      complaints.push(...tooEarly(name, one.rules, [name, at, 'rules']));
    });
  }
  rules.tiers.forEach((rule, index) => {
    seeRule(rule, ['tiers', index]);
  });
  if (!rules.issueTypes.some((one) => one.id === rules.defaultIssueType)) {
    complaints.push({ path: ['defaultIssueType'], message: 'is not among issueTypes' });
  }
  return complaints;
}

/** Fields are decided in the order of VOCABULARIES; a rule cannot ask for a later one. */
function tooEarly(
  name: (typeof VOCABULARIES)[number],
  rules: readonly ClassifyRule[],
  path: (string | number)[],
): Complaint[] {
  return rules.flatMap((rule, index) => [
    ...(rule.when.industry !== undefined && name === 'industries'
      ? [{ path: [...path, index, 'when', 'industry'], message: 'is not decided yet here' }]
      : []),
    ...(rule.when.issueType !== undefined && name !== 'businessTypes'
      ? [{ path: [...path, index, 'when', 'issueType'], message: 'is not decided yet here' }]
      : []),
  ]);
}
