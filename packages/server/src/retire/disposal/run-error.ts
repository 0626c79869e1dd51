import { ArchiveError } from '../../core/errors.ts';

/**
 * DISPOSAL_RUN_UNKNOWN: no such run. DISPOSAL_NOTHING_DUE: none of the records may go today.
 * DISPOSAL_NOT_DUE: some of the chosen ones may not. DISPOSAL_RUN_STATE: the run is not in a state in which
 * that can be done. DISPOSAL_NOT_SIGNED: a record that no two approvers signed for. DISPOSAL_OVER: the time to
 * decide is over. RECORD_NOT_DISPOSED: the record is there, or never was. OWN_REQUEST, SAME_PERSON, ALREADY_DECIDED, PERSON_UNKNOWN: as of requests for access.
 */
export type DisposalErrorCode =
  | 'DISPOSAL_RUN_UNKNOWN'
  | 'DISPOSAL_NOTHING_DUE'
  | 'DISPOSAL_NOT_DUE'
  | 'DISPOSAL_RUN_STATE'
  | 'DISPOSAL_NOT_SIGNED'
  | 'DISPOSAL_OVER'
  | 'RECORD_NOT_DISPOSED'
  | 'OWN_REQUEST'
  | 'SAME_PERSON'
  | 'ALREADY_DECIDED'
  | 'PERSON_UNKNOWN';

export const disposalError = (code: DisposalErrorCode, message: string, field?: string) =>
  new ArchiveError<DisposalErrorCode>(code, message, field === undefined ? {} : { field });
