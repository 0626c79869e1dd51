import type pg from 'pg';
import { dayAfter } from '../../../test/retention/naive-calendar.ts';
import { NaiveModel } from '../../../test/retention/naive-model.ts';
import type { ArchiveClock } from '../access/clock.ts';
import type { Seeded } from '../access/random.ts';
import type { TestArchive } from '../test-archive.ts';
import { compareDay, judgeMaximum } from './compare.ts';
import type { Doors } from './doors.ts';
import { FIRST_RULES } from './house-rules.ts';
import { judgeSample } from './judge-sample.ts';
import { makeRecords } from './make-records.ts';
import { seedRecords } from './seed-records.ts';
import { goTo, type Staff } from './staff.ts';
import { Story } from './story.ts';

/** How much is done. */
export interface Size {
  records: number;
  years: number;
  /** In so many parts the records come that are not there at the beginning. */
  tranches: number;
  /** So many of the days, spread evenly; every day without. */
  days?: number;
  actsADay: number;
  /** Days of the story between two runs of disposal. */
  daysARun: number;
  /** Calls that come in over HTTP meanwhile. */
  calls: number;
}

/** Of the records at the beginning; the others come by and by. */
const OLD_PART = 0.5;
const OLD_YEARS = 7;
const MOST_PROBLEMS = 20;

export interface Lived {
  model: NaiveModel;
  days: number;
  compared: number;
  held: number;
  /** Of single records, as the archive tells them. */
  samples: number;
  calls: number;
  story: Story;
}

/**
 * Lives through the days: each has its happenings, some a run of disposal, and each ends with every record
 * compared. What comes in as a call over HTTP is `takeCall`'s.
 */
export async function liveThrough(
  parts: {
    archive: TestArchive;
    clock: ArchiveClock;
    sql: pg.Pool;
    staff: Staff;
    doors: Doors;
    random: Seeded;
    size: Size;
    takeCall(model: NaiveModel, number: number): Promise<void>;
    say(line: string): void;
  },
  problems: string[],
): Promise<Lived> {
  const { archive, clock, sql, staff, doors, random, size, say } = parts;
  const model = new NaiveModel(FIRST_RULES);
  const story = new Story({ doors, model, random, rules: FIRST_RULES, problems });
  const days = daysOf(clock.now(), size);
  const part = Math.floor((size.records * (1 - OLD_PART)) / size.tranches);
  const old = size.records - part * size.tranches;
  const seeding = async (tranche: number, count: number, from: Date) => {
    const until = new Date(clock.now().getTime() - 86_400_000);
    const made = makeRecords(random, { tranche, count, from, until });
    await seedRecords(archive, clock, made);
    for (const one of made) model.archive(one);
    // The walk that a change of rules sets off is what gives these records their term.
    await story.changeRules();
  };
  const began = clock.now();
  await seeding(0, old, yearsAgo(began, OLD_YEARS));
  say(`${old} records are in the catalog, with terms by the archive's own walk`);
  let [compared, held, samples, tranche, calls] = [0, 0, 0, 1, 0];
  for (const [at, day] of days.entries()) {
    await goTo(clock, day, staff.officer);
    const due = Math.floor(((at + 1) * size.tranches) / days.length);
    for (; tranche <= due; tranche += 1) {
      await seeding(tranche, part, yearsAgo(clock.now(), size.years / size.tranches));
    }
    for (; calls < ((at + 1) * size.calls) / days.length; calls += 1) {
      await parts.takeCall(model, calls);
    }
    const acts = Math.floor(size.actsADay) + (random.chance(size.actsADay % 1) ? 1 : 0);
    for (let act = 0; act < acts; act += 1) await story.goOn(day);
    const runs = at % size.daysARun === size.daysARun - 1;
    if (runs) await story.dispose(day);
    compared += await compareDay(sql, model, day, problems);
    if (runs) held += await judgeMaximum(sql, day, problems);
    if (await judgeSample(staff.officer, model, random, day, problems)) samples += 1;
    if (problems.length >= MOST_PROBLEMS) break;
    if ((at + 1) % Math.ceil(days.length / 10) === 0) say(`  ${at + 1} days, to ${day}`);
  }
  return { model, days: days.length, compared, held, samples, calls, story };
}

const yearsAgo = (at: Date, years: number): Date =>
  new Date(at.getTime() - years * 365.25 * 86_400_000);

/** From the day after today on, in order. */
function daysOf(now: Date, { years, days }: Size): string[] {
  const first = dayAfter(now.toISOString().slice(0, 10), { days: 1 });
  const last = dayAfter(first, { years });
  const all: string[] = [];
  for (let day = first; day < last; day = dayAfter(day, { days: 1 })) all.push(day);
  if (days === undefined || days >= all.length) return all;
  return Array.from({ length: days }, (_, at) => all[Math.floor((at * all.length) / days)] ?? '');
}
