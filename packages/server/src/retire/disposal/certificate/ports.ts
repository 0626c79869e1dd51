import type { Actor, Audit } from '../../../core/audit.ts';
import type { Db } from '../../../core/database.ts';

export interface CertificateDeps {
  db: Db;
  audit: Audit;
  archiveId: string;
  /** Every site of the archive. */
  siteNames: readonly string[];
  /** The log that is in force. */
  log(): { origin: string; verifierKey: string };
}

/** Whoever asks for a certificate. */
export interface Asking {
  actor: Actor;
  requestId: string;
}
