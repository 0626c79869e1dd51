import { openPurpose } from './open-purpose.ts';
import type { Step } from './step.ts';

/** Learns codec, channels and duration of the original in the sandbox. */
export const probeRecord: Step = async (deps, row) => {
  const media = await deps.media.probe(await openPurpose(deps, row.id, 'original'));
  const { kind, codec, channels, durationMs } = media;
  return { facts: { media }, detail: { kind, codec, channels, durationMs } };
};
