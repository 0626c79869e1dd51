import { ArchiveError } from '../core/errors.ts';

export type QuarantineCode =
  | 'TRANSCRIPT_MISSING'
  | 'TRANSCRIPT_TIMES_BAD'
  | 'TRANSCRIPT_INCOMPLETE'
  | 'REDACTION_UNLOCATABLE'
  | 'REDACTION_INCOMPLETE'
  | 'MASK_INCOMPLETE'
  | 'STEP_FAILED';

/**
 * Stops a record's way for a person to look at: nothing is lost, nothing is shown. The message is
 * for operators and holds no content.
 */
export class Quarantined extends ArchiveError<string> {
  constructor(code: QuarantineCode, reason: string) {
    super(code, reason);
  }
}
