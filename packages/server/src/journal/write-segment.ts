import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { Random } from '../core/random.ts';
import type { Continued } from './continued.ts';
import { segmentKey } from './keys-of-journal.ts';
import { type JournalSeal, type JournalStore, journalError } from './ports.ts';
import { sealSegment } from './segment.ts';

/** So many changes, and about so many characters of rows, are in a segment at most. */
const MOST_CHANGES = 5_000;
const MOST_CHARACTERS = 32 * 1024 * 1024;
/** A rebuilt catalog must not hang on one site. */
const ENOUGH_SITES = 2;

export interface JournalWriter {
  db: Db;
  stores: readonly JournalStore[];
  seal: JournalSeal;
  clock: Clock;
  random: Random;
  /** The catalog's last migration. */
  schema: number;
}

export interface WrittenSegment {
  timeline: number;
  number: number;
  changes: number;
  sha256: Buffer;
  /** More changes wait than fitted in. */
  more: boolean;
}

/**
 * Writes the changes that wait to every site, and forgets them once two sites (or the only one) have
 * them; what another site lacks is noted. Undefined when nothing waits. One process at a time calls
 * it. Rejects with JOURNAL_UNREACHABLE, retry later; then everything still waits.
 */
export async function writeSegment(writer: JournalWriter): Promise<WrittenSegment | undefined> {
  const { db, stores, seal, clock, random, schema } = writer;
  const rows = await db
    .selectFrom('journal_outbox')
    .selectAll()
    .orderBy('id')
    .limit(MOST_CHANGES)
    .execute();
  if (rows.length === 0) return undefined;
  let characters = 0;
  const fitting = rows.filter(({ body }, at) => {
    characters += body.length;
    return at === 0 || characters <= MOST_CHARACTERS;
  });
  const state = await db.selectFrom('journal_state').selectAll().executeTakeFirstOrThrow();
  const { timeline } = state;
  const number = Number(state.next_segment);
  const key = segmentKey(timeline, number, random.bytes(4).toString('hex'));
  const writtenAt = clock.now();
  const { sealed, sha256 } = await sealSegment(seal, key, {
    head: {
      ...{ timeline, number, schema, previous: state.previous.toString('hex'), writtenAt },
      ...(state.continues === null ? {} : { continues: JSON.parse(state.continues) as Continued }),
    },
    changes: fitting.map(({ id, table_name: table, gone, key: rowKey, body }) => ({
      ...{ id: BigInt(id), table, gone, key: rowKey, body },
    })),
  });
  const missing = await putEverywhere(stores, key, sealed);
  await db.transaction().execute(async (tx) => {
    // Changes that were committed late have lower numbers than some that are written: by name, then.
    await sql`delete from journal_outbox
      where id = any(${fitting.map(({ id }) => id)}::bigint[])`.execute(tx);
    const { numUpdatedRows } = await tx
      .updateTable('journal_state')
      .set({ next_segment: number + 1, previous: sha256 })
      .where('timeline', '=', timeline)
      .where('next_segment', '=', String(number))
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) throw outrun(number);
    await tx
      .insertInto('journal_segment')
      .values({
        ...{ number, key, sha256, sealed_bytes: sealed.length },
        ...{ changes: fitting.length, written_at: writtenAt },
      })
      .execute();
    if (missing.length > 0) {
      await tx
        .insertInto('journal_gap')
        .values(missing.map((site) => ({ site, key, since: writtenAt })))
        .execute();
    }
  });
  const more = rows.length === MOST_CHANGES || fitting.length < rows.length;
  return { timeline, number, changes: fitting.length, sha256, more };
}

/** Resolves to the sites that do not have it. */
export async function putEverywhere(
  stores: readonly JournalStore[],
  key: string,
  sealed: Buffer,
): Promise<string[]> {
  const puts = await Promise.allSettled(stores.map((store) => store.put(key, [sealed])));
  const missing = stores.filter((_, at) => puts[at]?.status === 'rejected').map(({ name }) => name);
  if (stores.length - missing.length < Math.min(ENOUGH_SITES, stores.length)) {
    const cause = puts.find((put) => put.status === 'rejected')?.reason as unknown;
    const message = `${missing.join(', ')} did not take ${key}`;
    throw journalError('JOURNAL_UNREACHABLE', message, { retry: 'later', cause });
  }
  return missing;
}

const outrun = (number: number) =>
  journalError('JOURNAL_UNREACHABLE', `another process has written segment ${number}`, {
    retry: 'later',
  });
