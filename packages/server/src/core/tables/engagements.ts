import type { ColumnType } from 'kysely';

/** A day as 'YYYY-MM-DD': the pool's parser leaves dates as text. */
type Day = ColumnType<string, string, string>;
type MaybeDay = ColumnType<string | null, string | null | undefined, string | null>;
/** JSON columns go in as text and come out parsed. */
type Ids = ColumnType<string[], string, string>;
type Refs = ColumnType<
  { kind: string; id: string }[] | null,
  string | null | undefined,
  string | null
>;

/** Tables of outside auditors' engagements; see migrations/000034_engagements.sql. */
export interface EngagementTables {
  engagement: {
    id: string;
    state: string;
    sealed: Buffer;
    commitment: string;
    from_day: Day;
    until_day: Day;
    calls_from: Day;
    calls_to: Day;
    tiers: string[];
    checks: string[];
    opened_by: string;
    opened_person: string;
    opened_at: Date;
    confirmed_by: string | null;
    confirmed_at: Date | null;
    closed_by: string | null;
    closed_at: Date | null;
    sealed_closing: Buffer | null;
  };
  engagement_sample: {
    id: string;
    engagement_id: string;
    number: number;
    state: string;
    calls_from: Day;
    calls_to: Day;
    tiers: string[];
    population_count: number;
    population_root: string;
    size: number;
    commitment: string;
    asked_by: string;
    asked_at: Date;
    nonce: string | null;
    seed: string | null;
    ended_by: string | null;
    ended_at: Date | null;
  };
  engagement_population: { sample_id: string; chunk: number; ids: Buffer };
  engagement_drawn: { sample_id: string; place: number; position: number; record_id: string };
  engagement_evidence: {
    id: string;
    engagement_id: string;
    state: string;
    sealed_wanted: Buffer;
    record_ids: Ids;
    due_on: Day;
    asked_by: string;
    asked_at: Date;
    sealed_answer: Buffer | null;
    refs: Refs;
    answered_by: string | null;
    answered_at: Date | null;
  };
  engagement_finding: {
    id: string;
    engagement_id: string;
    state: string;
    severity: string;
    about_kind: string;
    about_id: string;
    sealed_text: Buffer;
    written_by: string;
    written_at: Date;
    sealed_answer: Buffer | null;
    due_on: MaybeDay;
    answered_by: string | null;
    answered_person: string | null;
    answered_at: Date | null;
    sealed_closing: Buffer | null;
    closed_by: string | null;
    closed_at: Date | null;
  };
}
