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
  const { tier } = classification;
  return { facts: { classification }, tier, detail: { tier } };
};
