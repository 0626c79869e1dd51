import type { Submission } from '../intake/submission.ts';
import type { MediaFacts } from '../record/facts.ts';
import type { CallMetadata } from '../record/metadata.ts';
import type { Finding, MaskSpan, Transcript } from '../record/transcript.ts';
import { redactTranscript, residualFindings } from '../redact/index.ts';
import { parseTranscript } from '../transcribe/index.ts';
import { Quarantined } from './quarantine.ts';
import { knownPersonalData, redactMetadata } from './redact-metadata.ts';

/** What is masked in a call, and what is left to show. */
export interface RedactionPlan {
  transcript: Transcript;
  findings: Finding[];
  maskSpans: MaskSpan[];
  /** Metadata with redacted free text; the customer's own fields are still whole. */
  metadata: CallMetadata;
}

/**
 * Finds personal data in speech and text and decides what to mask. The same submission always gives
 * the same plan, so it is made where it is needed and written nowhere. Throws TRANSCRIPT_MISSING,
 * TRANSCRIPT_TIMES_BAD when turns lie beyond the end of the media,
 * REDACTION_UNLOCATABLE when something cannot be placed in time, REDACTION_INCOMPLETE when its own
 * result still holds something.
 */
export function redactionPlan(
  submission: Submission,
  media: Pick<MediaFacts, 'durationMs' | 'channels'>,
): RedactionPlan {
  if (submission.transcript === undefined) {
    const reason = 'no transcript came with the call and no speech engine is configured';
    throw new Quarantined('TRANSCRIPT_MISSING', reason);
  }
  const { transcript } = parseTranscript(submission.transcript);
  const { durationMs, channels } = media;
  demandSameCall(transcript, durationMs);
  const context = { durationMs, channels, ...knownPersonalData(submission.metadata) };
  const redacted = redactTranscript(transcript, context);
  const unplaced = redacted.unlocatable[0];
  if (unplaced !== undefined) {
    const { length } = redacted.unlocatable;
    const reason = `${length} findings cannot be placed in time; first: ${unplaced.type} in turn ${unplaced.turn}: ${unplaced.reason}`;
    throw new Quarantined('REDACTION_UNLOCATABLE', reason);
  }
  if (residualFindings(redacted.transcript, context).length > 0) {
    throw new Quarantined('REDACTION_INCOMPLETE', 'the redacted transcript still holds findings');
  }
  const written = redactMetadata(submission.metadata);
  return {
    transcript: redacted.transcript,
    findings: [...redacted.findings, ...written.findings],
    maskSpans: redacted.maskSpans,
    metadata: written.metadata,
  };
}

/** Times may run a little past the media before they are called wrong. */
const CLOCK_SLACK_MS = 1000;

/** A turn that begins after the end was said in another call, or counted by another clock. */
function demandSameCall({ turns }: Transcript, durationMs: number): void {
  const late = turns.findIndex((turn) => turn.startMs > durationMs + CLOCK_SLACK_MS);
  if (late < 0) return;
  const reason = `turn ${late} begins at ${turns[late]?.startMs} ms, after the end of the media at ${durationMs} ms`;
  throw new Quarantined('TRANSCRIPT_TIMES_BAD', reason);
}
