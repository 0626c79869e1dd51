import type { ColumnType, Generated } from 'kysely';
import type { Assertion } from '../assertion.ts';

/** Null where nothing was signed: at a rejection, or where a password stood for the signature. */
type SignedJson = ColumnType<Assertion | null, string | null, string | null>;

/** Tables of access requests and passkeys; see migrations/000006_grants.sql. */
export interface GrantTables {
  record_case: {
    record_id: string;
    actor_id: string | null;
    team_id: string | null;
    assigned_by: string;
    assigned_at: Date;
  };
  reclassification: {
    record_id: string;
    tier: string;
    actor_id: string;
    person: string;
    at: Date;
  };
  review_lease: { record_id: string; actor_id: string; until: Date };
  access_request: {
    id: string;
    kind: string;
    state: string;
    requester_id: string;
    requester_person: string;
    holder_id: string;
    canonical: string;
    purpose_category: string;
    sealed_purpose: Buffer;
    created_at: Date;
    decide_by: Date;
    live_since: Date | null;
    ends_at: Date | null;
    reviewed_at: Date | null;
    told_begun_at: Generated<Date | null>;
    told_ending_at: Generated<Date | null>;
    told_ended_at: Generated<Date | null>;
  };
  access_decision: {
    id: string;
    request_id: string;
    actor_id: string;
    actor_role: string;
    person: string;
    decision: string;
    at: Date;
    assertion: SignedJson;
    sealed_reason: Buffer | null;
  };
  passkey: {
    id: string;
    actor_id: string;
    person: string;
    label: string;
    state: string;
    credential_id: string;
    canonical: string;
    created_at: Date;
    enrolled_at: Date | null;
    revoked_at: Date | null;
  };
  passkey_confirmation: {
    passkey_id: string;
    actor_id: string;
    actor_role: string;
    person: string;
    at: Date;
    assertion: SignedJson;
  };
  passkey_challenge: { actor_id: string; challenge: string; until: Date };
}
