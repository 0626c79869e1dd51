import type { ColumnType, Generated } from 'kysely';

/** Tables of sensitive originals; see migrations/000033_originals.sql. */
export interface OriginalTables {
  original_wait: {
    id: string;
    record_id: string;
    /** 'YYYY-MM-DD' */
    until: ColumnType<string, string, string>;
    state: string;
    asked_by: string;
    person: string;
    asked_at: Date;
    sealed_reason: Buffer;
    ended_at: Generated<Date | null>;
  };
  original_wait_decision: {
    wait_id: string;
    record_id: string;
    actor_id: string;
    person: string;
    decision: string;
    at: Date;
    sealed_reason: Buffer | null;
  };
}
