import type { Generated } from 'kysely';

/** What a search filters by; `call` and `call_text` have it under the same names. */
export interface SearchColumns {
  id: string;
  started_at: Date;
  duration_s: number;
  tier: string;
  issue_type: string;
  agent_id: string;
  team_id: string | null;
  channel: string;
  direction: string;
  segment: string | null;
  industry: string | null;
  finding_count: number;
  restricted: Generated<boolean>;
}

/** Tables of the catalog; see migrations/000003_catalog.sql. */
export interface CatalogTables {
  call: SearchColumns & {
    phone_index: string | bigint | null;
    phone_last4_index: string | bigint | null;
    phone_masked_index: string | bigint | null;
    account_index: string | bigint | null;
    fields: Buffer;
    /** Number of the epoch of the keys that its blind indexes are made with. */
    index_epoch: Generated<number>;
  };
  index_epoch: {
    number: number;
    epoch: string;
    began_at: Date;
    reached_at: Date | null;
    reached_id: string | null;
    seen: Generated<number>;
    rebuilt: Generated<number>;
    unopened: Generated<number>;
    ended_at: Date | null;
  };
  epoch_end: { epoch: string; destroyed_at: Date; gone_at: Date | null };
  share_attestation: { set_id: string; share: number; attested_by: string; attested_at: Date };
  call_text: SearchColumns & { tokens: number[] };
  call_leg: { record_id: string; started_at: Date; agent_id: string };
  call_ticket: { ticket_index: string | bigint; record_id: string; started_at: Date };
  saved_filter: {
    id: string;
    owner_id: string;
    /** Name and query, under a key of the key folder. */
    sealed: Buffer;
    created_at: Date;
  };
}
