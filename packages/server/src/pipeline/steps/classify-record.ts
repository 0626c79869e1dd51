import { openPlan } from './open-purpose.ts';
import type { Step } from './step.ts';

/** Sets tier, issue type, industry and segment by the rules file. */
export const classifyRecord: Step = async (deps, row) => {
  const plan = await openPlan(deps, row.id);
  const classification = deps.classifier.classify({
    metadata: plan.metadata,
    transcript: plan.transcript,
    findings: plan.findings,
    hasVideo: row.facts.media?.kind === 'video',
  });
  const { tier, issueType } = classification;
  const rules = classification.reasons.map((reason) => reason.rule).join(' ');
  return { facts: { classification }, tier, detail: { tier, issueType, rules } };
};
