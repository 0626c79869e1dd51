import { sql } from 'kysely';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { catchingHolds } from './living-searches.ts';
import type { GateDeps } from './ports.ts';

/**
 * Held shared by whoever asks the searches before a record goes or comes, and alone, last of all locks, by
 * whoever places one: of two at a time, the later sees what the earlier wrote.
 */
const SEARCHES_LOCK = 7_238_002;

/** Which holds keep a record, asked in the transaction of whoever is about to change it. */
export interface HoldGate {
  /**
   * Living holds whose search catches the record, also before their walk has come to it; they are noted on
   * the way, so that their release finds what was put off. The caller has locked the record's row.
   */
  catches(tx: Tx, recordId: string): Promise<string[]>;
  /**
   * Whether any hold keeps the record. The caller has locked its row; a search that is placed this moment may
   * be too late for what is asked.
   */
  isHeld(tx: Tx, recordId: string): Promise<boolean>;
  /** A record that is archived or has changed: whose search finds it now, keeps it from the commit on. */
  catchNew(tx: Tx, recordId: string): Promise<void>;
}

export function holdGate(deps: GateDeps): HoldGate {
  const asked = async (tx: Tx, recordId: string): Promise<string[]> => {
    const { caught, damaged } = await catchingHolds(deps, tx, recordId);
    await noteCaught(deps, tx, recordId, caught);
    return [...caught, ...damaged];
  };
  return {
    async catches(tx, recordId) {
      await shareSearches(tx);
      return asked(tx, recordId);
    },
    async isHeld(tx, recordId) {
      const row = await tx
        .selectFrom('held_record')
        .select('hold_id')
        .where('record_id', '=', recordId)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined || (await asked(tx, recordId)).length > 0;
    },
    async catchNew(tx, recordId) {
      await shareSearches(tx);
      await asked(tx, recordId);
    },
  };
}

async function shareSearches(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${SEARCHES_LOCK})`.execute(tx);
}

/**
 * Waits for records that come or go at this moment, and lets none until the transaction ends; asked for when
 * all rows are locked. Whoever holds it up for longer than records take makes the placing fail, not wait.
 */
export async function holdSearches(tx: Tx): Promise<void> {
  await sql`set local lock_timeout = '10s'`.execute(tx);
  await sql`select pg_advisory_xact_lock(${SEARCHES_LOCK})`.execute(tx);
}

/** With a word on the ledger for each. A row that somebody else has locked is left to the walk. */
async function noteCaught(
  { clock, audit }: GateDeps,
  tx: Tx,
  recordId: string,
  holdIds: readonly string[],
): Promise<void> {
  if (holdIds.length === 0) return;
  const { rows } = await sql<{ hold_id: string }>`
    with r as materialized (select id from record where id = ${recordId}::uuid
      and state <> 'disposed' for update skip locked)
    insert into held_record (record_id, hold_id, held_at)
    select r.id, h.id, ${clock.now()} from r cross join unnest(${[...holdIds]}::uuid[]) h(id)
    on conflict do nothing returning hold_id`.execute(tx);
  for (const { hold_id } of rows) {
    await audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'hold.catch', resource: recordId, outcome: 'ok' },
      detail: { hold: hold_id },
    });
  }
}
