import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { ArchiveClock } from '../access/clock.ts';
import type { Seeded } from '../access/random.ts';
import type { TestArchive } from '../test-archive.ts';
import type { HttpDoors } from './http-doors.ts';
import { makeRecords } from './make-records.ts';
import { seedRecords } from './seed-records.ts';

/** Records of one run, each with a hold of its own on its way at the same time. */
const MOST_RACES_A_RUN = 40;
const FEWEST_RUNS = 6;
const YEAR_MS = 365.25 * 86_400_000;
const RACE_TRANCHE = 99;

export interface Raced {
  count: number;
  held: number;
  disposed: number;
}

interface Race {
  recordId: string;
  holdId: string;
  /** Whether the hold was told that it came too late. */
  late: boolean;
}

/**
 * Holds and a run of disposal at the same records at the same time. Of each pair one comes first, and all
 * that is told says the same: the answer, the record's state, the rows of holds, and the order of the ledger.
 */
export async function raceHolds(
  parts: {
    archive: TestArchive;
    clock: ArchiveClock;
    sql: pg.Pool;
    doors: HttpDoors;
    random: Seeded;
    /** Gives new records their term. */
    giveTerms(): Promise<void>;
    say(line: string): void;
  },
  count: number,
  problems: string[],
): Promise<Raced> {
  const { archive, clock, sql, doors, random, say } = parts;
  const raced: Raced = { count: 0, held: 0, disposed: 0 };
  if (count === 0) return raced;
  const until = new Date(clock.now().getTime() - 15 * YEAR_MS);
  const from = new Date(until.getTime() - YEAR_MS);
  const made = makeRecords(random, { tranche: RACE_TRANCHE, count: count * 2, from, until });
  await seedRecords(archive, clock, made);
  await parts.giveTerms();
  const due = await dueOf(
    sql,
    made.map(({ id }) => id),
  );
  if (due.length < count) throw new Error(`only ${due.length} records of the races are due`);
  const aRun = Math.min(MOST_RACES_A_RUN, Math.ceil(count / FEWEST_RUNS));
  // Over how long the holds are spread, so that about as many come first as come too late.
  let spreadMs = 1000;
  for (let at = 0; at < count; at += aRun) {
    const ids = due.slice(at, Math.min(at + aRun, count));
    const before = { ...raced };
    const { id: run } = await doors.runs.propose(ids);
    await doors.runs.sign(run, 0);
    const ran = doors.runs.sign(run, 1).then(() => doors.runs.untilOver(run));
    const races = await Promise.all(
      ids.map(async (recordId): Promise<Race> => {
        await sleep(random.unit() * spreadMs);
        const { id, late } = await doors.placeHold({ recordIds: [recordId] });
        return { recordId, holdId: id, late: late > 0 };
      }),
    );
    await ran;
    await judgeRaces(sql, races, raced, problems);
    const heldMore = raced.held - before.held > raced.disposed - before.disposed;
    spreadMs = Math.min(10_000, Math.max(50, spreadMs * (heldMore ? 1.4 : 0.7)));
    if (problems.length > 20) break;
    if ((at / aRun) % 25 === 24) {
      say(`  ${raced.count} races: ${raced.held} held, ${raced.disposed} disposed of`);
    }
  }
  if (raced.held === 0 || raced.disposed === 0) {
    problems.push(`the races had no two ends: ${raced.held} held, ${raced.disposed} disposed of`);
  }
  return raced;
}

async function dueOf(sql: pg.Pool, ids: string[]): Promise<string[]> {
  const { rows } = await sql.query(
    'select record_id from record_term where record_id = any($1) and due_on is not null order by record_id',
    [ids],
  );
  return (rows as { record_id: string }[]).map((row) => row.record_id);
}

async function judgeRaces(
  sql: pg.Pool,
  races: readonly Race[],
  raced: Raced,
  problems: string[],
): Promise<void> {
  const { rows } = await sql.query(
    `select r.id, r.state,
       (select count(*)::int from held_record h where h.record_id = r.id) as holds,
       (select min(e.outbox_id) from ledger_entry e
        where e.action = 'record.dispose' and e.resource = r.id::text) as disposed,
       (select min(e.outbox_id) from ledger_entry e
        where e.action = 'hold.create' and e.resource = wanted.hold::text) as placed
     from unnest($1::uuid[], $2::uuid[]) as wanted (record, hold) join record r on r.id = wanted.record`,
    [races.map((one) => one.recordId), races.map((one) => one.holdId)],
  );
  const found = new Map((rows as Found[]).map((row) => [row.id, row]));
  for (const { recordId, holdId, late } of races) {
    const one = found.get(recordId);
    const fault = one === undefined ? 'is not there' : faultOf(one, late);
    if (fault !== undefined) problems.push(`race of hold ${holdId}: record ${recordId} ${fault}`);
    raced.count += 1;
    if (one?.state === 'disposed') raced.disposed += 1;
    else raced.held += 1;
  }
}

interface Found {
  id: string;
  state: string;
  holds: number;
  /** Places in the ledger's outbox, in which the acts committed. */
  disposed: string | null;
  placed: string | null;
}

function faultOf({ state, holds, disposed, placed }: Found, late: boolean): string | undefined {
  if (placed === null) return 'has no entry of its hold in the ledger';
  if (state !== 'disposed') {
    if (holds !== 1) return `is ${state} with ${holds} holds`;
    if (late) return 'is held, but its hold was told that it came too late';
    return disposed === null ? undefined : 'is held, but the ledger says that it was disposed of';
  }
  if (holds > 0) return 'is held and disposed of';
  if (!late) return 'is disposed of, but its hold was told that it is held';
  if (disposed === null) return 'is disposed of, and the ledger does not say so';
  return BigInt(disposed) < BigInt(placed)
    ? undefined
    : 'was held first by the ledger, and disposed of all the same';
}
