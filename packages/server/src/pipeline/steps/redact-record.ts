import type { Finding } from '../../record/transcript.ts';
import { redactTranscript, residualFindings } from '../../redact/index.ts';
import { parseTranscript } from '../../transcribe/index.ts';
import { encodePlan } from '../plan.ts';
import { Quarantined } from '../quarantine.ts';
import { knownPersonalData, redactMetadata } from '../redact-submission.ts';
import { once, openSubmission } from './open-purpose.ts';
import type { Step } from './step.ts';

/**
 * Finds personal data in speech and text and decides what to mask. Stops the record with
 * REDACTION_UNLOCATABLE when something cannot be placed in time, REDACTION_INCOMPLETE when its own
 * result still holds something.
 */
export const redactRecord: Step = async (deps, row) => {
  const submission = await openSubmission(deps, row.id);
  const media = row.facts.media;
  if (submission.transcript === undefined || media === undefined) {
    throw new Quarantined('TRANSCRIPT_MISSING', 'the transcript or the media facts are missing');
  }
  const { transcript } = parseTranscript(submission.transcript);
  const context = {
    durationMs: media.durationMs,
    channels: media.channels,
    ...knownPersonalData(submission.metadata),
  };
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
  const findings = [...redacted.findings, ...written.findings];
  const plan = await deps.vault.write({
    recordId: row.id,
    purpose: 'plan',
    pool: 'quarantine',
    mediaType: 'application/json',
    source: once(
      encodePlan({
        transcript: redacted.transcript,
        findings,
        maskSpans: redacted.maskSpans,
        metadata: written.metadata,
        salt: submission.salt.toString('base64'),
        commitment: submission.commitment,
      }),
    ),
  });
  return {
    written: [plan],
    facts: { findingCounts: countByType(findings) },
    detail: { findings: findings.length, maskSpans: redacted.maskSpans.length },
  };
};

function countByType(findings: Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of findings) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
