import type { Assertion } from '../../record/assertion.ts';
import type { LiveGrant, LiveMandate, MandateFacts } from '../../record/grant.ts';
import type { ObjectPurpose } from '../../record/vault.ts';
import type { Pool } from '../../record/vocabulary.ts';
import type { EnrolledPasskey } from './register.ts';
import type { DisposalRun } from './statements.ts';

/**
 * The part of the key room that knows who signs and what was signed for. It believes signatures and
 * its own sealed document, never the database. Every call rejects with KEYS_DAMAGED when the document
 * does not open; further codes are named.
 */
export interface Warrants {
  passkeys(): Promise<readonly EnrolledPasskey[]>;
  /** Whether enrolments may still be confirmed by password: until three approvers were enrolled. */
  isFounding(): Promise<boolean>;
  /** For whoever has the host: enrolments may be confirmed by password again, until there are three. */
  reopenFounding(): Promise<void>;
  /**
   * Enrols the passkey that the canonical statement names. `assertions` are two signatures of enrolled
   * approvers of two persons, neither the owner; while founding, `people` are the two persons who
   * confirmed otherwise. SIGNERS_WRONG, SIGNATURE_INVALID, PASSKEY_NOT_ENROLLED, PASSKEY_TAKEN,
   * WARRANT_DAMAGED.
   */
  enrol(
    canonical: string,
    confirmed: { assertions: Assertion[] } | { people: string[] },
    now: Date,
  ): Promise<void>;
  /** Its signatures count for nothing from here on; grants that were admitted stay. */
  revokePasskeys(ids: readonly string[]): Promise<void>;
  /**
   * The enrolled passkey that made this signature over these characters. SIGNATURE_INVALID,
   * PASSKEY_NOT_ENROLLED.
   */
  signerOf(canonical: string, assertion: Assertion): Promise<EnrolledPasskey>;
  /**
   * Puts a request in force, once, when the right people signed it in time. SIGNERS_WRONG,
   * SIGNATURE_INVALID, PASSKEY_NOT_ENROLLED, WARRANT_DAMAGED, WARRANT_OVER.
   */
  admit(canonical: string, assertions: Assertion[], now: Date): Promise<LiveGrant | LiveMandate>;
  /**
   * Ends a request for good, admitted or not; in every process that shares the document. It is kept
   * in mind until the later of `until` and what its signatures say.
   */
  bar(requestId: string, until: Date): Promise<void>;
  /**
   * Takes a signed review of a break-glass; until then no other is admitted. By an approver who had no
   * part in it: SIGNERS_WRONG. SIGNATURE_INVALID, PASSKEY_NOT_ENROLLED, WARRANT_DAMAGED.
   */
  review(canonical: string, assertion: Assertion): Promise<void>;
  /**
   * Resolves when two approvers of two persons, neither the proposer, signed exactly this list of records to
   * be disposed of; to what it says. SIGNERS_WRONG, SIGNATURE_INVALID, PASSKEY_NOT_ENROLLED, WARRANT_DAMAGED.
   */
  demandDisposal(canonical: string, assertions: readonly Assertion[]): Promise<DisposalRun>;
  unreviewed(): Promise<readonly string[]>;
  /** The persons who signed a break-glass; none for what is none. */
  partiesOf(requestId: string): Promise<readonly string[]>;
  /**
   * What is in force, or to come, for an account at this moment. With `person`, only what was signed
   * for that person: what they were kept from approving was judged by whom the request names.
   */
  liveFor(
    account: string,
    now: Date,
    person?: string,
  ): Promise<{ grants: LiveGrant[]; mandates: LiveMandate[] }>;
  isAdmitted(requestId: string): Promise<boolean>;
  /** The very words of all that is in force, or to come, whoever holds it. */
  inForce(now: Date): Promise<readonly { canonical: string; since: Date; until: Date }[]>;
  /** Whether these characters are a request of this archive, in the form that is signed. */
  isRequest(canonical: string): boolean;
  /** Rejects as `admit` would; nothing changes. */
  wouldAdmit(canonical: string, assertions: Assertion[], now: Date): Promise<void>;
  /** Whether a warrant opens this object to this account now. */
  opens(asked: {
    id: string;
    account: string;
    role: string;
    recordId: string;
    pool: Pool;
    purpose: ObjectPurpose;
    scope?: MandateFacts | undefined;
    now: Date;
  }): Promise<boolean>;
}
