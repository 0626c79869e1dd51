import type { ColumnType } from 'kysely';

/** A day as 'YYYY-MM-DD': the pool's parser leaves dates as text. */
type Day = ColumnType<string, string, string>;

/** Tables of persons' requests and closed accounts; see migrations/000028_subjects.sql. */
export interface SubjectTables {
  account_closure: {
    id: string;
    reference_digest: Buffer;
    content_digest: Buffer;
    sealed: Buffer;
    closed_on: Day;
    told_by: string;
    told_at: Date;
    reached_at: Date | null;
    reached_id: string | null;
    walked_at: Date | null;
  };
  subject_request: {
    id: string;
    kind: string;
    state: string;
    sealed: Buffer;
    received_on: Day;
    answer_by: Day;
    entered_by: string;
    entered_person: string;
    entered_at: Date;
    extended_by: string | null;
    extended_at: Date | null;
    sealed_extension: Buffer | null;
    decided_by: string | null;
    decided_at: Date | null;
    sealed_decision: Buffer | null;
    withdrawn_by: string | null;
    withdrawn_at: Date | null;
    sealed_withdrawal: Buffer | null;
    copied_at: Date | null;
    sealed_outcome: Buffer | null;
    ended_at: Date | null;
    reached_at: Date | null;
    reached_id: string | null;
    told_due_at: Date | null;
    told_overdue_at: Date | null;
  };
  person_watch: {
    watched: Buffer;
    cause_id: string;
    kind: string;
    before: Date | null;
    bound: boolean;
  };
}
