import type { ColumnType, Generated } from 'kysely';

/** bigint: the driver gives text. */
type Big = ColumnType<string, number | string, number | string>;

export interface JournalTables {
  journal_outbox: {
    id: Generated<string>;
    table_name: string;
    gone: boolean;
    key: string;
    body: string;
    made_at: Generated<Date>;
  };
  journal_segment: {
    number: Big;
    key: string;
    sha256: Buffer;
    sealed_bytes: Big;
    changes: number;
    written_at: Date;
  };
  journal_gap: { site: string; key: string; since: Date };
  journal_fault: {
    site: string;
    key: string;
    fault: string;
    found_at: Date;
    attempts: Generated<number>;
    last_error: string | null;
  };
  journal_snapshot: {
    id: string;
    timeline: number;
    from_segment: Big;
    started_at: Date;
    ended_at: Date | null;
    table_rows: Big;
    sealed_bytes: Big;
    sha256: Buffer | null;
  };
  journal_state: {
    one: Generated<boolean>;
    timeline: number;
    next_segment: Big;
    previous: Buffer;
    /** A `Continued` as JSON. */
    continues: string | null;
  };
}
