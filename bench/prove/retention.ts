import { readFileSync } from 'node:fs';
import { superuserOf } from './access/catalog.ts';
import { ArchiveClock } from './access/clock.ts';
import { Seeded } from './access/random.ts';
import { HttpDoors } from './retention/http-doors.ts';
import { type Lived, liveThrough, type Size } from './retention/live.ts';
import { type Raced, raceHolds } from './retention/races.ts';
import { certify, hireStaff } from './retention/staff.ts';
import { takeCall } from './retention/take-call.ts';
import { TestArchive } from './test-archive.ts';

const YEAR_MS = 365.25 * 86_400_000;
type Sizes = Size & { races: number; lanes: number };
const FULL: Sizes = {
  ...{ records: 100_000, tranches: 20, years: 20, actsADay: 1.2, daysARun: 7 },
  ...{ calls: 200, races: 10_000, lanes: 2 },
};
const SMALL: Sizes = {
  ...{ records: 300, tranches: 4, years: 20, days: 200, actsADay: 0.7, daysARun: 10 },
  ...{ calls: 3, races: 60, lanes: 1 },
};
const MOST_NAMED = 20;

/**
 * Retention over years, against a model written from the documents alone. `--small` for every day;
 * `--records N --years N --days N --races N` for other sizes, `--seed N` for one run again; with `--lanes N`
 * so many archives share records, happenings and races, each of them living through all the days.
 */
export async function proveRetention(say: (line: string) => void): Promise<string[]> {
  const size = sizeWanted();
  const seed = Number(option('--seed') ?? Date.now() % 1_000_000_007);
  say(`seed ${seed}`);
  const problems: string[] = [];
  const lanes = Array.from({ length: size.lanes }, (_, lane) => {
    const prefix = size.lanes === 1 ? '' : `${lane + 1}: `;
    const saying = (line: string) => say(`${prefix}${line}`);
    return proveOne(partOf(size, lane), seed + lane, saying, problems);
  });
  const done = (await Promise.all(lanes)).flatMap((one) => one ?? []);
  if (problems.length === 0) say(resultOf(done));
  return problems.slice(0, MOST_NAMED);
}

interface Done {
  lived: Lived;
  races: Raced;
}

/** One archive; undefined where it came to no end. */
async function proveOne(
  size: Sizes,
  seed: number,
  say: (line: string) => void,
  problems: string[],
): Promise<Done | undefined> {
  const archive = new TestArchive();
  // Decades behind, since its PostgreSQL goes by the real time and jobs must not lie in its future.
  const clock = new ArchiveClock(archive, -(size.years + 1) * YEAR_MS);
  try {
    await certify(archive);
    const words = await archive.start(['--empty'], clock.nodeArgs, { ...clock.env, ...SETTINGS });
    const staff = await hireStaff(archive, words);
    const sql = await superuserOf(archive);
    try {
      const random = new Seeded(seed);
      const doors = new HttpDoors(staff, clock);
      const parts = { archive, clock, sql, staff, doors, random, say };
      const lived = await liveThrough(
        {
          ...{ ...parts, size },
          takeCall: (model, number) => takeCall(parts, model, number),
        },
        problems,
      );
      for (const [what, times] of [...lived.story.done].sort()) say(`  ${times} × ${what}`);
      sayHow(lived, say);
      const giveTerms = () => lived.story.changeRules();
      const races = await raceHolds({ ...parts, giveTerms }, size.races, problems);
      for (const line of failuresIn(archive)) problems.push(`the archive's log: ${line}`);
      return { lived, races };
    } finally {
      await sql.end();
    }
  } catch (error) {
    problems.push(String((error as Error).stack ?? error), archive.lastWords);
    return undefined;
  } finally {
    await archive.stop();
    archive.remove();
  }
}

/** What one of the lanes has of all. */
function partOf(size: Sizes, lane: number): Sizes {
  const share = (all: number) =>
    Math.floor(((lane + 1) * all) / size.lanes) - Math.floor((lane * all) / size.lanes);
  const actsADay = size.actsADay / size.lanes;
  const [records, calls, races] = [size.records, size.calls, size.races].map(share);
  return { ...size, records: records ?? 0, calls: calls ?? 0, races: races ?? 0, actsADay };
}

/**
 * The clock is the story's: nothing is disposed of but when it says so. Days go by in moments; what the house
 * does daily, and this proof is not about, is done as seldom as it can be.
 */
const SETTINGS = {
  VOXKEEP_DRILL_DAYS: '0',
  VOXKEEP_JOURNAL_SECONDS: '30',
  VOXKEEP_SNAPSHOT_HOURS: '168',
  VOXKEEP_SCRUB_LIGHT_HOURS: '8760',
  VOXKEEP_SCRUB_DEEP_DAYS: '3650',
  VOXKEEP_LOG_LEVEL: 'warn',
  VOXKEEP_DISPOSAL_AT: 'none',
  VOXKEEP_DISPOSALS_PER_MINUTE: '60000',
};

/** What went through which door. */
function sayHow({ model, calls, samples }: Lived, say: (line: string) => void): void {
  say(
    `  ${calls} calls came in over HTTP; ${model.ids().length - calls} records were put into the`,
  );
  say('  catalog as archived ones, without media; their terms are of the archive’s own walk');
  say('  rules, days told, holds, closures, requests, runs and their signatures: over HTTP');
  say(
    `  what is due, and ${samples} records one by one: over HTTP; all of them: by columns of state`,
  );
}

function resultOf(done: readonly Done[]): string {
  const sum = (of: (one: Done) => number) => done.reduce((all, one) => all + of(one), 0);
  const disposed = sum(({ lived }) =>
    [...lived.story.done]
      .filter(([what]) => what.startsWith('gone by'))
      .reduce((all, [, times]) => all + times, 0),
  );
  return (
    `prove retention: OK ${sum(({ lived }) => lived.model.ids().length)} records on ` +
    `${done[0]?.lived.days} days, ${sum(({ lived }) => lived.compared)} states compared, ` +
    `${disposed} disposed of, ${sum(({ lived }) => lived.held)} looks at records kept past their maximum ` +
    `by a hold, none without; ${sum(({ races }) => races.count)} races, ` +
    `${sum(({ races }) => races.held)} held and ${sum(({ races }) => races.disposed)} disposed of, none both`
  );
}

function sizeWanted(): Sizes {
  const size = process.argv.includes('--small') ? SMALL : FULL;
  const given = (name: string, otherwise: number) => Number(option(name) ?? otherwise);
  return {
    ...size,
    records: given('--records', size.records),
    years: given('--years', size.years),
    races: given('--races', size.races),
    lanes: given('--lanes', size.lanes),
    ...(option('--days') === undefined ? {} : { days: given('--days', 0) }),
  };
}

/** What failed inside is never right, whatever was answered. */
const failuresIn = (archive: TestArchive): string[] =>
  readFileSync(archive.log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('request failed') || line.includes('job failed'))
    .slice(0, MOST_NAMED);

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}
