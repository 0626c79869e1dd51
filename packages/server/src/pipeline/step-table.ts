import type { RecordState } from '../record/vocabulary.ts';

/** The one table of a record's way: in this state, this step is next and leads to that state. */
export const STEPS = [
  { from: 'received', step: 'probe', to: 'probed' },
  { from: 'probed', step: 'transcribe', to: 'transcribed' },
  { from: 'transcribed', step: 'redact', to: 'redacted' },
  { from: 'redacted', step: 'classify', to: 'classified' },
  { from: 'classified', step: 'seal', to: 'sealed' },
  { from: 'sealed', step: 'place', to: 'archived' },
] as const satisfies readonly { from: RecordState; step: string; to: RecordState }[];

export type StepName = (typeof STEPS)[number]['step'];

export function stepAfter(state: RecordState): (typeof STEPS)[number] | undefined {
  return STEPS.find((line) => line.from === state);
}
