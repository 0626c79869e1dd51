export { redactText } from './redact-text.ts';
export type { RedactedTranscript, RedactionContext, Unlocatable } from './redact-transcript.ts';
export { redactTranscript, residualFindings } from './redact-transcript.ts';
export { REPLACEMENTS } from './replacements.ts';
