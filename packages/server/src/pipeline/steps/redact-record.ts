import type { Finding } from '../../record/transcript.ts';
import { factsUpTo } from '../record-row.ts';
import type { Step } from './step.ts';

/** Finds personal data in speech and text; stops the record when it cannot be masked for certain. */
export const redactRecord: Step = async (_deps, row, material) => {
  const { media } = factsUpTo(row, 'media');
  const { findings, maskSpans } = await material.plan(media);
  return {
    facts: { findingCounts: countByType(findings) },
    detail: { findings: findings.length, maskSpans: maskSpans.length },
  };
};

function countByType(findings: Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of findings) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
