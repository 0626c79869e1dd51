import type { Tx } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import type { PersonDeps } from '../restrictions/index.ts';

/** What a person wants to have set right. */
export type CorrectedField = 'segment' | 'team' | 'issueType';

export interface SubjectDeps extends PersonDeps {
  notices: Notices;
  /** Does what was granted, or takes back what was withdrawn; joins the transaction. */
  queue: { walkRequest(tx: Tx, requestId: string): Promise<void> };
  /** Opened keys of a record that is restricted now go from memory. */
  dropKeys(recordId: string): void;
  /** HMAC key of what free texts are committed to by. */
  commitmentKey: Buffer;
  /** For how many days each kind may be answered. */
  answerDays: Readonly<Record<'copy' | 'correction' | 'erasure', number>>;
  /** Whether the value is one that calls can have there. */
  isKnown(field: CorrectedField, value: string): boolean;
  /**
   * Sets one field of an archived or restricted record right, and notes it; gives what stood there, or
   * undefined where the record is gone.
   */
  correct(
    tx: Tx,
    correction: { recordId: string; field: CorrectedField; value: string },
    requestId: string,
    actorId: string,
  ): Promise<{ before: string | null } | undefined>;
}
