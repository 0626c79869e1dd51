import { parseTranscript } from '../../transcribe/index.ts';
import { Quarantined } from '../quarantine.ts';
import type { Step } from './step.ts';

/** Makes sure that there is a transcript that reads; the redact step uses it. */
export const transcribeRecord: Step = async (_deps, _row, material) => {
  const { transcript } = await material.submission();
  if (transcript === undefined) {
    const reason = 'no transcript came with the call and no speech engine is configured';
    throw new Quarantined('TRANSCRIPT_MISSING', reason);
  }
  const parsed = parseTranscript(transcript);
  return { detail: { format: parsed.format, turns: parsed.transcript.turns.length } };
};
