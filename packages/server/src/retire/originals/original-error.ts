import { ArchiveError } from '../../core/errors.ts';

/**
 * ORIGINAL_NOT_WAITING: the record has no original that waits to be destroyed. ORIGINAL_DAY_INVALID: a day that is
 * not later than what holds already, or later than any wait may last. ORIGINAL_WAIT_ASKED: the record's last
 * question is not decided yet. ORIGINAL_WAIT_UNKNOWN: no such question. ORIGINAL_WAIT_DECIDED: it is decided.
 * OWN_REQUEST, SAME_PERSON, ALREADY_DECIDED: as of requests for access.
 */
export type OriginalErrorCode =
  | 'RECORD_UNKNOWN'
  | 'ORIGINAL_NOT_WAITING'
  | 'ORIGINAL_DAY_INVALID'
  | 'ORIGINAL_WAIT_ASKED'
  | 'ORIGINAL_WAIT_UNKNOWN'
  | 'ORIGINAL_WAIT_DECIDED'
  | 'OWN_REQUEST'
  | 'SAME_PERSON'
  | 'ALREADY_DECIDED';

export const originalError = (code: OriginalErrorCode, message: string, field?: string) =>
  new ArchiveError<OriginalErrorCode>(code, message, field === undefined ? {} : { field });
