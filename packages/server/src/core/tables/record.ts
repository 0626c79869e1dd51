import type { ColumnType, Generated } from 'kysely';

/** JSON columns go in as text and come out parsed. */
type Json = ColumnType<Record<string, unknown>, string, string>;

/** Tables of a record's way through the archive; see migrations/000001_record.sql. */
export interface RecordTables {
  record: {
    id: string;
    state: string;
    resume_state: string | null;
    reason_code: string | null;
    reason: string | null;
    source_system: string;
    idempotency_key: Buffer;
    media_digest: Buffer;
    media_bytes: string | number | bigint;
    started_at: Date;
    received_at: Date;
    archived_at: Date | null;
    facts: ColumnType<Record<string, unknown>, string | undefined, string>;
    tier: string | null;
    manifest_version: Generated<number>;
    attempts: Generated<number>;
  };
  intake_key: {
    idempotency_key: Buffer;
    record_id: string;
    media_digest: Buffer;
    disposed_at: Date | null;
  };
  sealed_object: {
    id: string;
    record_id: string;
    purpose: string;
    ordinal: Generated<number>;
    pool: string;
    version: number;
    media_type: string;
    plain_bytes: string | number | bigint;
    sealed_bytes: string | number | bigint;
    sealed_sha256: Buffer;
    facts: Json;
    created_at: Date;
    destroyed_at: Date | null;
  };
  object_copy: {
    object_id: string;
    site: string;
    written_at: Date;
    verified_at: Date | null;
    locked_until: Date | null;
  };
  copy_fault: {
    object_id: string;
    site: string;
    fault: string;
    found_at: Date;
    attempts: Generated<number>;
    last_error: string | null;
  };
  scrub_run: {
    id: string;
    site: string;
    kind: string;
    started_at: Date;
    ended_at: Date | null;
    reached: string | null;
    checked: number;
    faults: number;
    repaired: number;
  };
  pending_copy: {
    object_id: string;
    site: string;
    not_before: Date;
    due_at: Date;
    bulk: Generated<boolean>;
    attempts: Generated<number>;
    last_error: string | null;
  };
}
