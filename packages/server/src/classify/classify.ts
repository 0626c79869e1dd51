import type { Classification } from '../record/facts.ts';
import type { CallMetadata } from '../record/metadata.ts';
import type { Finding, Transcript } from '../record/transcript.ts';
import { SENSITIVE_FINDINGS, stricterTier, type Tier } from '../record/vocabulary.ts';
import { comparable, utterancesOf } from './match-words.ts';
import type { Rules, VocabularyEntry } from './rules.ts';
import { type CallFacts, type RuleMatch, tryRule } from './try-rule.ts';

type Reason = Classification['reasons'][number];

interface Choice {
  id: string | undefined;
  /** What the rules alone would say. */
  byRules: string | undefined;
  scores: Map<string, { score: number; matches: RuleMatch[] }>;
  reasons: Reason[];
}

/**
 * The tier, issue type, segment, industry and business type of a call, each with the rule and the
 * reason. `transcript` and the metadata's free text are the redacted ones. A sensitive finding
 * makes the record sensitive and a video recording at least core, whatever the rules file says;
 * rules can only make a tier stricter. Pure: the same input gives the same answer.
 */
export function classify(
  rules: Rules,
  call: {
    metadata: CallMetadata;
    transcript: Transcript;
    findings: readonly Finding[];
    hasVideo: boolean;
  },
): Classification {
  const { metadata } = call;
  const facts: CallFacts = {
    utterances: utterancesOf(call.transcript, metadata),
    findings: new Set(call.findings.map((finding) => finding.type)),
    metadata,
  };
  const industry = choose(rules, 'industry', rules.industries, metadata.industry, facts);
  if (industry.id !== undefined) facts.industry = industry.id;
  const { segment: sentSegment } = metadata.customer;
  const segment = choose(rules, 'segment', rules.segments, sentSegment, facts);
  const issue = chooseIssue(rules, metadata.issueType, facts);
  facts.issueType = issue.id;
  const business = choose(rules, 'businessType', rules.businessTypes, metadata.businessType, facts);
  const tier = chooseTier(rules, issue, facts, call.hasVideo);
  return {
    tier: tier.tier,
    issueType: issue.id,
    ...(segment.id === undefined ? {} : { segment: segment.id }),
    ...(industry.id === undefined ? {} : { industry: industry.id }),
    ...(business.id === undefined ? {} : { businessType: business.id }),
    reasons: [
      ...tier.reasons,
      ...issue.reasons,
      ...segment.reasons,
      ...industry.reasons,
      ...business.reasons,
    ],
  };
}

/** What the sender said, under the file's name for it; otherwise the entry that scores highest. */
function choose(
  rules: Rules,
  field: string,
  entries: readonly VocabularyEntry[],
  sent: string | undefined,
  facts: CallFacts,
): Choice {
  const scores: Choice['scores'] = new Map();
  let best: VocabularyEntry | undefined;
  for (const entry of entries) {
    const matches = entry.rules.flatMap((rule) => tryRule(rule, facts, rules.negation) ?? []);
    const score = matches.reduce((sum, match) => sum + match.score, 0);
    scores.set(entry.id, { score, matches });
    // The earlier entry of the file wins a tie.
    const most = best === undefined ? 0 : (scores.get(best.id)?.score ?? 0);
    if (score >= rules.thresholds.choose && score > most) best = entry;
  }
  const byRules = best?.id;
  if (sent !== undefined && sent.trim() !== '') {
    const known = entryNamed(entries, sent);
    const because = known === undefined ? '来源系统给出，不在词表中' : '来源系统给出';
    const reasons = [{ field, rule: 'metadata', because }];
    return { id: known?.id ?? sent.trim(), byRules, scores, reasons };
  }
  const reasons = (scores.get(byRules ?? '')?.matches ?? []).map(({ rule, because }) => ({
    field,
    rule,
    because,
  }));
  return { id: byRules, byRules, scores, reasons };
}

/** An issue type is always one of the file's: what was sent and is not in it is only reported. */
function chooseIssue(
  rules: Rules,
  sent: string | undefined,
  facts: CallFacts,
): Choice & { id: string } {
  const field = 'issueType';
  const known = sent === undefined ? undefined : entryNamed(rules.issueTypes, sent);
  const choice = choose(rules, field, rules.issueTypes, known?.id, facts);
  const reasons = [...choice.reasons];
  if (sent !== undefined && known === undefined) {
    reasons.push({ field, rule: 'metadata', because: '来源系统给出的问题类型不在词表中，未采用' });
  }
  if (choice.id !== undefined) return { ...choice, id: choice.id, reasons };
  reasons.push({ field, rule: 'default', because: '没有规则命中，取默认类型' });
  return { ...choice, id: rules.defaultIssueType, reasons };
}

function chooseTier(
  rules: Rules,
  issue: Choice & { id: string },
  facts: CallFacts,
  hasVideo: boolean,
): { tier: Tier; reasons: Reason[] } {
  const claims: { tier: Tier; rule: string; because: string }[] = [];
  const sensitive = SENSITIVE_FINDINGS.filter((type) => facts.findings.has(type));
  if (sensitive.length > 0) {
    const because = `发现敏感信息：${sensitive.join('、')}`;
    claims.push({ tier: 'sensitive', rule: 'sensitive-finding', because });
  }
  if (hasVideo) claims.push({ tier: 'core', rule: 'video-recording', because: '含视频录像' });
  for (const { id, tier } of rules.issueTypes) {
    const score = issue.scores.get(id)?.score ?? 0;
    const rule = `issue-type:${id}`;
    if (id === issue.id || id === issue.byRules) {
      claims.push({ tier, rule, because: `问题类型“${id}”` });
    } else if (score >= rules.thresholds.tier) {
      claims.push({ tier, rule, because: `通话同时涉及“${id}”` });
    }
  }
  for (const rule of rules.tiers) {
    const match = tryRule(rule, facts, rules.negation);
    if (match === undefined || match.score < rules.thresholds.choose) continue;
    claims.push({ tier: rule.tier, rule: match.rule, because: match.because });
  }
  const tier = claims.reduce<Tier>((most, claim) => stricterTier(most, claim.tier), 'basic');
  const reasons = claims
    .filter((claim) => claim.tier === tier)
    .map(({ rule, because }) => ({ field: 'tier', rule, because }));
  return { tier, reasons };
}

function entryNamed<Entry extends VocabularyEntry>(
  entries: readonly Entry[],
  name: string,
): Entry | undefined {
  const wanted = comparable(name);
  return entries.find((entry) =>
    [entry.id, entry.zh ?? '', entry.en, ...entry.also].some((one) => comparable(one) === wanted),
  );
}
