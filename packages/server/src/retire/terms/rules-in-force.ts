import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { Queryable, Tx } from '../../core/database.ts';
import type { RetentionTables } from '../../core/tables/retention.ts';
import { loadProfiles, type Profiles } from '../retention.ts';

/** Any number of terms are given at a time, but not while other rules come into force. */
const RULES_LOCK = 7_238_001;

/** Rules with the number under which terms name them. */
export interface NumberedRules {
  number: number;
  profiles: Profiles;
}

/** The rules that terms are given by. */
export interface RetentionRules {
  /** Those in force now. */
  inForce(db: Queryable): Promise<NumberedRules>;
  /** Those in force, which stay so until the transaction ends. */
  during(tx: Tx): Promise<NumberedRules>;
}

/** The table's newest rules; number 0 and those of `first` until a first start has put some into force. */
export function retentionRules(first: Profiles): RetentionRules {
  let known: NumberedRules = { number: 0, profiles: first };
  const inForce = async (db: Queryable): Promise<NumberedRules> => {
    const number = await newestNumber(db);
    if (number === undefined) return { number: 0, profiles: first };
    if (number !== known.number) known = { number, profiles: await rulesOf(db, number) };
    return known;
  };
  return {
    inForce,
    async during(tx) {
      await sql`select pg_advisory_xact_lock_shared(${RULES_LOCK})`.execute(tx);
      return inForce(tx);
    },
  };
}

/** How often a free moment is looked for before one waits in line for it, and how long between. */
const LOOKS = 200;
const LOOK_EVERY_S = 0.02;

/**
 * Waits for terms that are being given, and lets none be given until the transaction ends. Who waits in line
 * makes all others wait, also those that he waits for: so first it is only looked whether nobody is there.
 */
export async function holdRules(tx: Tx): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const { rows } = await sql<{ held: boolean }>`
      select pg_try_advisory_xact_lock(${RULES_LOCK}) as held`.execute(tx);
    if (rows[0]?.held === true) return;
    await sql`select pg_sleep(${LOOK_EVERY_S})`.execute(tx);
  }
  await sql`select pg_advisory_xact_lock(${RULES_LOCK})`.execute(tx);
}

/** The newest rules as they are kept; undefined in an archive that has not begun. */
export async function keptRules(db: Queryable): Promise<KeptRules | undefined> {
  return db
    .selectFrom('retention_rules')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
}
export type KeptRules = Selectable<RetentionTables['retention_rules']>;

/** Puts rules into force from the commit on; the caller holds them. Resolves to their number. */
export async function keepRules(
  tx: Tx,
  { rules, actorId, at }: { rules: string; actorId: string; at: Date },
): Promise<number> {
  const number = ((await newestNumber(tx)) ?? 0) + 1;
  await tx
    .insertInto('retention_rules')
    .values({
      ...{ number, rules, digest: digestOf(rules), actor_id: actorId, in_force_at: at },
      ...{ reached: null, ended_at: null },
    })
    .execute();
  return number;
}

/** Hex SHA-256 of a text. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function newestNumber(db: Queryable): Promise<number | undefined> {
  const newest = await db
    .selectFrom('retention_rules')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.number;
}

async function rulesOf(db: Queryable, number: number): Promise<Profiles> {
  const { rules } = await db
    .selectFrom('retention_rules')
    .select('rules')
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  return loadProfiles(rules, `rules ${number}`);
}
