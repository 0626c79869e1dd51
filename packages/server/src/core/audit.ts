import type { Tx } from './database.ts';

/** Who acts: a person, a service, or the archive itself. */
export interface Actor {
  id: string;
  role: string;
}

/** The archive's own acts: pipeline steps, schedules, start and stop. */
export const ARCHIVE_ACTOR: Actor = { id: 'archive', role: 'system' };

/** One act for the ledger. Ids, counts and digests only; never personal data. */
export interface AuditEntry {
  actor: Actor;
  action: string;
  resource?: string;
  /** A category, and where there is one the commitment to the words that are kept sealed. */
  purpose?: { category: string; commitment?: string };
  outcome: 'ok' | 'refused' | 'failed';
  requestId?: string;
  detail?: Record<string, string | number | boolean>;
}

/** The ledger as other rooms see it. */
export interface Audit {
  /** Joins the caller's transaction: when the entry cannot be written, the act does not happen. */
  append(tx: Tx, entry: AuditEntry): Promise<{ outboxId: string }>;
  /** Resolves when a signed checkpoint that holds the entry is durable; gives its index. */
  settle(outboxId: string): Promise<{ index: number }>;
}
