import { ArchiveError } from '../core/errors.ts';

export type TranscribeErrorCode =
  | 'TRANSCRIPT_UNREADABLE'
  | 'TRANSCRIPT_FORMAT_UNKNOWN'
  | 'TRANSCRIPT_TIMES_BAD'
  | 'TRANSCRIPT_TOO_LARGE';

/** A refusal of a supplied transcript; `field` is a path inside it. Never repeats its text. */
export function transcriptError(
  code: TranscribeErrorCode,
  message: string,
  field = 'transcript',
  cause?: unknown,
): ArchiveError<TranscribeErrorCode> {
  return new ArchiveError(code, `${field}: ${message}`, { field, cause });
}
