import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** 64-bit columns come out as text. */
type BigInteger = ColumnType<string, number | string, number | string>;

/**
 * Tables of the ledger room; see migrations/000002_ledger.sql, 000008_ledger_witnesses.sql and
 * 000021_ledger_restoring.sql.
 */
export interface LedgerTables {
  ledger_outbox: { id: GeneratedAlways<string>; body: string };
  ledger_entry: {
    index: BigInteger;
    outbox_id: BigInteger | null;
    at: Date;
    sequenced_at: Date;
    actor_id: string;
    actor_role: string;
    action: string;
    resource: string | null;
    purpose_category: string | null;
    outcome: string;
    request_id: string | null;
    detail: ColumnType<Record<string, string | number | boolean>, string | undefined, string>;
    bytes: Buffer;
  };
  ledger_tile: { level: number; index: BigInteger; hashes: Buffer };
  ledger_state: {
    one: Generated<boolean>;
    origin: string;
    size: BigInteger;
    checkpoint: string;
    signed_at: Date;
    durable_size: ColumnType<string, number | string | undefined, number | string>;
    durable_checkpoint: Generated<string | null>;
    witnessed_checkpoint: Generated<string | null>;
    witnessed_size: ColumnType<string, number | string | undefined, number | string>;
    witnessed_at: Generated<Date | null>;
    entries_from: ColumnType<string, number | string | undefined, number | string>;
  };
  ledger_published: { size: BigInteger };
  ledger_witness: { name: string; size: BigInteger; cosigned_at: Date; line: string };
}
