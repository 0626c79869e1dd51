import type { ColumnType, Generated } from 'kysely';

/** A day as 'YYYY-MM-DD': the pool's parser leaves dates as text. */
type Day = ColumnType<string, string, string>;

/** Tables of the retire room; see migrations/000024_retention.sql, 000025_terms.sql and 000026_holds.sql. */
export interface RetentionTables {
  retention_rules: {
    number: number;
    rules: string;
    digest: string;
    actor_id: string;
    in_force_at: Date;
    reached: string | null;
    ended_at: Date | null;
  };
  retention_proposal: {
    one: Generated<boolean>;
    rules: string;
    preview: string;
    actor_id: string;
    person: string;
    at: Date;
  };
  pending_lock: { record_id: string; not_before: Date };
  retention_review: { rules: number; profile: string; told_at: Date };
  record_anchor: {
    record_id: string;
    anchor: string;
    day: Day;
    told_by: string;
    told_at: Date;
  };
  record_term: {
    record_id: string;
    keep_until: Day;
    open_ended: boolean;
    at_most: ColumnType<string | null, string | null, string | null>;
    due_on: ColumnType<string | null, string | null, string | null>;
    rule: string;
    rules: number;
    why: ColumnType<Record<string, unknown>, string, string>;
  };
  legal_hold: {
    id: string;
    sealed: Buffer;
    sealed_query: Buffer | null;
    caught_up_to: Date | null;
    reached_at: Generated<Date | null>;
    reached_id: Generated<string | null>;
    placed_by: string;
    placed_at: Date;
    released_by: string | null;
    released_at: Date | null;
    sealed_release: Buffer | null;
  };
  held_record: { record_id: string; hold_id: string; held_at: Date };
  hold_custodian: {
    hold_id: string;
    actor_id: string;
    told_at: Date;
    acknowledged_at: Date | null;
    release_acknowledged_at: Date | null;
  };
  hold_exemption: {
    hold_id: string;
    record_id: string;
    released_by: string;
    released_at: Date;
    sealed: Buffer;
  };
  record_restriction: {
    record_id: string;
    cause_id: string;
    kind: string;
    since: Date;
  };
}
