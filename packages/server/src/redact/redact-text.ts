import type { Finding } from '../record/transcript.ts';
import { redactTranscript } from './redact-transcript.ts';
import type { KnownValues } from './scanned-turn.ts';

/**
 * Replaces personal data in a written field such as 'demand' or 'events/0/note'. Findings carry the
 * field and UTF-16 ranges of the redacted text.
 */
export function redactText(
  text: string,
  field: string,
  known: KnownValues,
): { text: string; findings: Finding[] } {
  const turn = { channel: 0, speaker: 'unknown' as const, startMs: 0, endMs: 0, text, words: [] };
  const redacted = redactTranscript(
    { language: '', source: '', turns: [turn] },
    {
      durationMs: 0,
      channels: 1,
      knownNumbers: [...known.knownNumbers],
      knownNames: [...known.knownNames],
    },
  );
  const findings = redacted.findings.map(
    ({ type, textStart, textEnd, confidence, evidence }): Finding => ({
      type,
      field,
      ...(textStart === undefined ? {} : { textStart }),
      ...(textEnd === undefined ? {} : { textEnd }),
      confidence,
      evidence,
    }),
  );
  return { text: redacted.transcript.turns[0]?.text ?? '', findings };
}
