import { ArchiveError } from '../core/errors.ts';

export type IntakeErrorCode =
  | 'METADATA_MISSING'
  | 'METADATA_INVALID'
  | 'MEDIA_MISSING'
  | 'MEDIA_EMPTY'
  | 'MEDIA_TOO_LARGE'
  | 'TRANSCRIPT_TOO_LARGE'
  | 'SCREENSHOT_UNSUPPORTED'
  | 'SCREENSHOT_TOO_LARGE'
  | 'TOO_MANY_SCREENSHOTS'
  | 'SOURCE_CALL_CONFLICT'
  | 'SOURCE_CALL_DETAILS_DIFFER'
  | 'RECORD_DISPOSED';

/** A refusal of an upload; `field` is the part or the metadata path to mend. */
export function intakeError(
  code: IntakeErrorCode,
  message: string,
  field?: string,
): ArchiveError<IntakeErrorCode> {
  return new ArchiveError(code, message, field === undefined ? {} : { field });
}
