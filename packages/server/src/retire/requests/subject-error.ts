import { ArchiveError } from '../../core/errors.ts';

/** Of what persons ask for; see docs/retention.md. */
export type SubjectErrorCode =
  | 'SUBJECT_REQUEST_UNKNOWN'
  | 'SUBJECT_REQUEST_STATE'
  | 'SUBJECT_EXTENDED_ALREADY'
  | 'SUBJECT_SECOND_PERSON'
  | 'SUBJECT_DAY_INVALID'
  | 'SUBJECT_RECORD_OTHER'
  | 'SUBJECT_VALUE_UNKNOWN'
  | 'SUBJECT_COPY_EMPTY'
  | 'SUBJECT_COPY_TOO_LARGE';

export function subjectError(code: SubjectErrorCode, message: string, field?: string) {
  return new ArchiveError<SubjectErrorCode>(code, message, field === undefined ? {} : { field });
}
