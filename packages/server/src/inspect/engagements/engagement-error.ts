import { ArchiveError } from '../../core/errors.ts';

/**
 * ENGAGEMENT_UNKNOWN, SAMPLE_UNKNOWN, EVIDENCE_UNKNOWN, FINDING_UNKNOWN: there is none of that id, or it is another's.
 * ENGAGEMENT_DAYS_INVALID: days that cannot be. ENGAGEMENT_SECOND_PERSON: it takes somebody else than the first time.
 * ENGAGEMENT_TEXT_OTHER: what was confirmed is not its text. ENGAGEMENT_STATE: it is not in force, or not to be
 * changed. ENGAGEMENT_OTHER: whoever asks is not of its auditors. ENGAGEMENT_SCOPE: beyond what it is about.
 * SAMPLE_POPULATION_EMPTY, SAMPLE_POPULATION_LARGE: fewer calls than asked for, or more than are drawn from.
 * SAMPLE_WAITS: another one waits for its nonce. SAMPLE_STATE: it is drawn or given up, or not drawn yet.
 * SAMPLE_NONCE_WRONG: not the one that was committed to. EVIDENCE_STATE, FINDING_STATE: not to be done any more.
 * EVIDENCE_REFERENCE_UNKNOWN: what is referred to is not there.
 */
export type EngagementErrorCode =
  | 'ENGAGEMENT_UNKNOWN'
  | 'ENGAGEMENT_DAYS_INVALID'
  | 'ENGAGEMENT_SECOND_PERSON'
  | 'ENGAGEMENT_TEXT_OTHER'
  | 'ENGAGEMENT_STATE'
  | 'ENGAGEMENT_OTHER'
  | 'ENGAGEMENT_SCOPE'
  | 'SAMPLE_UNKNOWN'
  | 'SAMPLE_POPULATION_EMPTY'
  | 'SAMPLE_POPULATION_LARGE'
  | 'SAMPLE_WAITS'
  | 'SAMPLE_STATE'
  | 'SAMPLE_NONCE_WRONG'
  | 'EVIDENCE_UNKNOWN'
  | 'EVIDENCE_STATE'
  | 'EVIDENCE_REFERENCE_UNKNOWN'
  | 'FINDING_UNKNOWN'
  | 'FINDING_STATE';

export const engagementError = (code: EngagementErrorCode, message: string, field?: string) =>
  new ArchiveError<EngagementErrorCode>(code, message, field === undefined ? {} : { field });
