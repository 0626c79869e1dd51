import type { Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import type { Random } from '../../core/random.ts';
import type { Assertion } from '../../record/assertion.ts';

/** Who signs, by the key room, which believes nothing of the catalog. */
export interface DisposalSigners {
  /** The enrolled passkey that made this signature. SIGNATURE_INVALID, PASSKEY_NOT_ENROLLED. */
  signerOf(
    canonical: string,
    assertion: Assertion,
  ): Promise<{ id: string; account: string; person: string; approver: boolean }>;
  /**
   * Resolves when two approvers of two persons, neither the proposer, signed exactly this statement of this
   * archive; to what it says. SIGNERS_WRONG, SIGNATURE_INVALID, PASSKEY_NOT_ENROLLED, WARRANT_DAMAGED.
   */
  demandDisposal(
    canonical: string,
    assertions: readonly Assertion[],
  ): Promise<{ runId: string; records: number; digest: string }>;
}

export interface RunDeps {
  db: Db;
  clock: Clock;
  random: Random;
  audit: Audit;
  notices: Notices;
  signers: DisposalSigners;
  archiveId: string;
  timeZone: string;
  /** So many due records may go by themselves at a time; more take two approvals. */
  mostAlone: number;
  /** Free texts, each sealed under the id that it belongs to. */
  texts: { seal(id: string, plain: Buffer): Buffer };
}

/** Whoever proposes or decides. */
export interface Officer {
  actorId: string;
  role: string;
  /** Keyed hash of the person's number. */
  personRef?: string | undefined;
}
