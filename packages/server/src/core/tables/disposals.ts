import type { ColumnType, Generated } from 'kysely';
import type { Assertion } from '../assertion.ts';

/** Tables of disposals; see migrations/000027_disposal.sql. A day is 'YYYY-MM-DD'. */
export interface DisposalTables {
  disposal_run: {
    id: string;
    kind: string;
    state: string;
    as_of: string;
    records: number;
    canonical: string | null;
    proposed_by: string;
    person: string | null;
    proposed_at: Date;
    decide_by: Date;
    begun_at: Generated<Date | null>;
    ended_at: Generated<Date | null>;
  };
  disposal_item: {
    run_id: string;
    record_id: string;
    ground: string;
    rule: string;
    tier: string;
    state: string;
    why: Generated<string | null>;
    at: Generated<Date | null>;
  };
  disposal_decision: {
    run_id: string;
    actor_id: string;
    actor_role: string;
    person: string;
    decision: string;
    at: Date;
    assertion: ColumnType<Assertion | null, string | null, string | null>;
    sealed_reason: Buffer | null;
  };
  disposal: {
    record_id: string;
    run_id: string;
    how: string;
    ground: string;
    rule: string;
    clause: string;
    keep_until: string;
    disposed_at: Date;
    epoch: string;
    facts: string;
    digest: string;
    unreadable_at: Generated<Date | null>;
    locked_until: Generated<Date | null>;
    /** By site: since when no envelope of it is there, an instant as text. */
    envelopes_gone: ColumnType<Record<string, string>, string | undefined, string>;
    beyond_old_copies_at: Generated<Date | null>;
  };
  pending_destruction: {
    object_id: string;
    site: string;
    record_id: string;
    pool: string;
    envelope_gone: Generated<boolean>;
    not_before: Date;
    attempts: Generated<number>;
    last_error: Generated<string | null>;
  };
  disposed_call_count: {
    month: string;
    tier: string;
    issue_type: string;
    channel: string;
    direction: string;
    duration: string;
    /** bigint: the driver gives text. */
    calls: ColumnType<string, number | string, number | string>;
  };
}
