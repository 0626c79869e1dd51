import type { ColumnType } from 'kysely';
import type { PlainFacts } from '../plain-facts.ts';

/** JSON columns go in as text and come out parsed. */
type Facts = ColumnType<PlainFacts, string, string>;
type Figures = ColumnType<Record<string, number> | null, string | null, string | null>;
/** A day as 'YYYY-MM-DD': the pool's parser leaves dates as text. */
type Day = ColumnType<string, string, string>;

/** Tables of compliance audits; see migrations/000030_audit.sql. */
export interface AuditTables {
  audit_run: {
    id: string;
    begun_by: string;
    scheduled_for: string | null;
    as_of: Date;
    seed: string;
    started_at: Date;
    ended_at: Date | null;
    outcome: string | null;
    /** The check that it is at, and how often that was begun. */
    trying: ColumnType<string | null, never, string | null>;
    tries: ColumnType<number, never, number>;
    figures: Figures;
    report_key: string | null;
    report_sha256: string | null;
  };
  audit_check: {
    run_id: string;
    check_id: string;
    outcome: string;
    code: string | null;
    looked: ColumnType<string, number, number>;
    findings: number;
    took_ms: number;
    ended_at: Date;
  };
  audit_finding: {
    id: string;
    run_id: string;
    number: number;
    check_id: string;
    code: string;
    severity: string;
    subject_kind: string;
    subject: string;
    site: string | null;
    detail: Facts;
    mark: string;
    state: string;
    state_at: Date;
    asked_by: string | null;
    asked_person: string | null;
    asked_at: Date | null;
    accepted_by: string | null;
    accepted_until: Date | null;
    sealed_reason: Buffer | null;
  };
  register_entry: {
    id: string;
    kind: string;
    sealed: Buffer;
    subject: string | null;
    country: string | null;
    valid_from: Day;
    review_by: Day;
    document_sha256: string;
    entered_by: string;
    entered_at: Date;
    ended_by: string | null;
    ended_at: Date | null;
  };
}
