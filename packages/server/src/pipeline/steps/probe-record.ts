import type { Step } from './step.ts';

/** Learns codec, channels and duration of the original in the sandbox. */
export const probeRecord: Step = async (deps, _row, material) => {
  const media = await deps.media.probe(await material.open('original'));
  const { kind, codec, channels, durationMs } = media;
  return { facts: { media }, detail: { kind, codec, channels, durationMs } };
};
