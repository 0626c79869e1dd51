import { factsUpTo } from '../record-row.ts';
import type { Step } from './step.ts';

/** Sets tier, issue type, industry and segment by the rules file. */
export const classifyRecord: Step = async (deps, row, material) => {
  const { media } = factsUpTo(row, 'media');
  const { metadata, transcript, findings } = await material.plan(media);
  const hasVideo = media.kind === 'video';
  const classification = deps.classifier.classify({ metadata, transcript, findings, hasVideo });
  const { tier } = classification;
  return { facts: { classification }, tier, detail: { tier } };
};
