import type { Assertion } from '../../record/assertion.ts';
import type { LiveGrant, LiveMandate, SignedRequest } from '../../record/grant.ts';

/** A passkey whose enrolment two people confirmed. */
export interface EnrolledPasskey {
  id: string;
  account: string;
  person: string;
  /** Whether its owner was enrolled as an approver. */
  approver: boolean;
  credentialId: string;
  /** COSE key, base64url. */
  publicKey: string;
  enrolledAt: string;
}

/** What was admitted: the very characters that were signed, and the signatures. */
export interface Admitted {
  canonical: string;
  assertions: Assertion[];
  since: string;
  until: string;
}

/** All that the key room remembers of people and their signatures; one sealed document. */
export interface Register {
  format: 'voxkeep/warrants/v1';
  passkeys: EnrolledPasskey[];
  /** Set for good once three approvers have been enrolled at the same time. */
  foundedAt?: string;
  admitted: Admitted[];
  /** Requests that can never be admitted again, each until nothing signed for it could count. */
  barred: { id: string; until: string }[];
  /** Break-glass that was admitted and not reviewed. */
  unreviewed: string[];
  /** The persons who signed each break-glass. */
  parties?: Record<string, string[]>;
}

export const EMPTY_REGISTER: Register = {
  ...{ format: 'voxkeep/warrants/v1', passkeys: [], admitted: [], barred: [], unreviewed: [] },
};

/** A grant or mandate as the policy takes it. */
export function liveOf(request: SignedRequest, since: Date, until: Date): LiveGrant | LiveMandate {
  const base = { id: request.requestId, since, until, category: request.purpose.category };
  if (request.kind === 'mandate') {
    const { holder, scope } = request;
    return { ...base, holderId: holder.account, holderRole: holder.role, scope };
  }
  const { kind, requester, fields, records } = request;
  return {
    ...{ ...base, kind, fields, records },
    ...{ holderId: requester.account, holderRole: requester.role },
  };
}
