import type { NoticeKind, NoticeSeverity, Role } from '@voxkeep/contract';
import type { Tx } from './database.ts';

/** One thing that people are told of. Ids, codes and counts only; never personal data. */
export interface Telling {
  /** Accounts by id, and everyone who has one of the roles now; nobody of `except`. */
  to: { actorIds?: readonly string[]; roles?: readonly Role[]; except?: readonly string[] };
  kind: NoticeKind;
  severity: NoticeSeverity;
  /** Id of the request, record, account … that it is about. */
  resource?: string;
  detail?: Record<string, string | number | boolean>;
}

/** The notices as other rooms see them. */
export interface Notices {
  /**
   * Joins the caller's transaction: the act and what people are told of it commit together. Locked
   * accounts are told nothing. Rejects with NOTICE_INVALID naming the field, for free text above all.
   */
  tell(tx: Tx, telling: Telling): Promise<{ told: number }>;
}
