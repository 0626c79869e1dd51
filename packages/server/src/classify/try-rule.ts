import type { CallMetadata } from '../record/metadata.ts';
import type { FindingType } from '../record/vocabulary.ts';
import { isSaid, type Negation, type Utterance } from './match-words.ts';
import type { ClassifyRule, RuleCondition } from './rules.ts';

/** All that a rule may look at. */
export interface CallFacts {
  utterances: readonly Utterance[];
  findings: ReadonlySet<FindingType>;
  metadata: CallMetadata;
  industry?: string;
  issueType?: string;
}

export interface RuleMatch {
  rule: string;
  score: number;
  /** For people; holds words of the rules file only, never words of the call. */
  because: string;
}

const WHO = { agent: '坐席提到', customer: '客户提到', any: '通话提到' };

/**
 * Whether every condition of a rule holds, and its score: the weights of the `any` words that were
 * said, each once, or the rule's own weight when it has none. Undefined when it does not hold.
 */
export function tryRule(
  rule: ClassifyRule,
  facts: CallFacts,
  negation: Negation,
): RuleMatch | undefined {
  const { when } = rule;
  const said = (word: string) =>
    isSaid(facts.utterances, word, when.speaker, negation, when.evenDenied);
  const because: string[] = [];
  if (!metadataHolds(when.metadata, facts.metadata)) return undefined;
  for (const [name, values] of Object.entries(when.metadata ?? {})) {
    if (values !== undefined) because.push(`${name} 为 ${values.join(' 或 ')}`);
  }
  if (when.industry !== undefined) {
    if (!when.industry.includes(facts.industry ?? '')) return undefined;
    because.push(`行业为 ${facts.industry}`);
  }
  if (when.issueType !== undefined) {
    if (!when.issueType.includes(facts.issueType ?? '')) return undefined;
    because.push(`问题类型为 ${facts.issueType}`);
  }
  if (when.findings !== undefined) {
    const found = when.findings.filter((type) => facts.findings.has(type));
    if (found.length === 0) return undefined;
    because.push(`发现 ${found.join('、')}`);
  }
  if (when.not?.some((word) => facts.utterances.some(({ text }) => text.includes(word)))) {
    return undefined;
  }
  const words = [...(when.all ?? [])];
  if (!words.every(said)) return undefined;
  let score = rule.weight;
  if (when.any !== undefined) {
    const hits = when.any
      .map((one) => (typeof one === 'string' ? { word: one, weight: rule.weight } : one))
      .filter(({ word }) => said(word));
    if (hits.length === 0) return undefined;
    score = hits.reduce((sum, hit) => sum + hit.weight, 0);
    words.push(...hits.map((hit) => hit.word));
  }
  if (words.length > 0) because.push(`${WHO[when.speaker]}：${words.join('、')}`);
  return { rule: rule.id, score, because: because.join('；') };
}

function metadataHolds(wanted: RuleCondition['metadata'], metadata: CallMetadata): boolean {
  if (wanted === undefined) return true;
  return (Object.keys(wanted) as (keyof typeof wanted)[]).every((name) => {
    const patterns: readonly string[] | undefined = wanted[name];
    const value = metadata[name];
    return patterns === undefined || (value !== undefined && patterns.some((p) => fits(value, p)));
  });
}

/** Case does not matter; '*' stands for anything. Walked piece by piece, so never slow. */
function fits(value: string, pattern: string): boolean {
  const text = value.toLowerCase();
  const pieces = pattern.toLowerCase().split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return text === first;
  const last = pieces.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
