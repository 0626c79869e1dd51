import { parseArgs } from 'node:util';
import { Seeded } from './access/random.ts';
import { ACTS, type ActName, type Point, planPoints } from './crash/points.ts';
import { Prover } from './crash/prover.ts';
import { Scene } from './crash/scene.ts';
import { whyNoStrace } from './crash/strace.ts';

const POINTS = { usual: 300, small: 40 };
const WHOLE_EVERY = 100;
const SAY_EVERY_MS = 15_000;
const MOST_PROBLEMS = 20;
/** Days that can pass in one proof. */
const DAYS = 300;
/** More archives at a time than that have the machine's clocks and disks wait for one another. */
const MOST_LANES = 8;

/**
 * An error of the disk, or the end of the process, at every kind of call on files that intake, ledger,
 * placement, reading, a start, a new day's keys and a new epoch's make, one after the other: `--points N`
 * of them in the order of `--seed N`, or of one act alone with `--act NAME`; with `--lanes N` so many archives
 * share them. After each the archive serves, has all that it acknowledged, and goes on by itself.
 */
export async function proveCrash(say: (line: string) => void): Promise<string[]> {
  const { wrong, ...options } = readOptions();
  if (wrong !== undefined) return [wrong];
  const why = whyNoStrace();
  if (why !== undefined) return [why];
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  const scenes = Array.from({ length: options.lanes }, () => new Scene(DAYS));
  try {
    for (const scene of scenes) await scene.make();
    say(`${scenes.length} archives with the sample calls are made; seed ${options.seed}`);
    return await prove(scenes, { ...options, signal: stop.signal }, say);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    for (const scene of scenes) await scene.end();
  }
}

async function prove(
  scenes: readonly Scene[],
  options: Options & { signal: AbortSignal },
  say: (line: string) => void,
): Promise<string[]> {
  const { wanted, seed, acts, signal } = options;
  const provers = scenes.map((scene, lane) => new Prover(scene, seed + lane));
  const problems = () => provers.flatMap((prover) => prover.problems);
  const [counts = new Map()] = await Promise.all(provers.map((prover) => prover.count(acts)));
  for (const [act, calls] of counts) {
    say(`${act}: ${[...calls].map(([call, count]) => `${count} ${call}`).join(', ')}`);
  }
  const done = { points: 0, kills: 0, kinds: new Set<string>() };
  const began = Date.now();
  let said = began;
  let tried = 0;
  const plan = planPoints(counts, new Seeded(seed));
  const over = () => done.points >= wanted || signal.aborted || problems().length >= MOST_PROBLEMS;
  async function goOn(prover: Prover): Promise<void> {
    for (let own = 0; !over(); ) {
      tried += 1;
      const point = tried;
      const before = prover.problems.length;
      const fault = plan.next().value;
      if (await prover.run(fault)) {
        note(done, fault);
        own += 1;
        if (own % WHOLE_EVERY === 0) await prover.judgeAll(false);
      }
      for (const one of prover.problems.slice(before)) {
        say(`  ${one} (seed ${seed}, point ${point})`);
      }
      if (Date.now() - said < SAY_EVERY_MS) continue;
      said = Date.now();
      const pace = ((said - began) / 1000 / Math.max(1, done.points)).toFixed(2);
      say(
        `${done.points} of ${wanted} points (${tried} tried), ${done.kills} kills, ${pace} s each`,
      );
    }
  }
  await Promise.all(provers.map(goOn));
  if (signal.aborted) return [...problems(), `stopped after ${done.points} points`];
  for (const prover of provers) {
    const { entries, copies, leftovers } = await prover.judgeAll(true);
    const objects = leftovers.filter(({ kind }) => kind === 'object').length;
    say(
      `${copies} copies opened, ${entries} ledger entries; ended processes left ${leftovers.length} files ` +
        `that no row knows (${objects} objects)`,
    );
    say(`${await prover.judgeRebuild()} rows of a catalog that was rebuilt from hq alone`);
  }
  if (problems().length > 0) return problems().map((one) => `${one} (seed ${seed})`);
  const { points, kills, kinds } = done;
  const acknowledged = provers.reduce((sum, { books }) => sum + books.calls.size, 0);
  say(
    `prove crash: OK ${points} points (${kills} kills, ${points - kills} errors) over ${kinds.size} ` +
      `kinds of calls, ${acknowledged} acknowledged, 0 lost, fsck clean`,
  );
  return [];
}

function note(
  done: { points: number; kills: number; kinds: Set<string> },
  { fault, call }: Point,
): void {
  done.points += 1;
  if (fault === 'KILL') done.kills += 1;
  done.kinds.add(call);
}

interface Options {
  wanted: number;
  seed: number;
  lanes: number;
  acts: readonly ActName[];
}

function readOptions(): Options & { wrong?: string } {
  const usual = process.argv.includes('--small') ? POINTS.small : POINTS.usual;
  const none = { wanted: 0, seed: 0, lanes: 0, acts: [] };
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: { points: text, seed: text, act: text, lanes: text, small: { type: 'boolean' } },
    });
    const { points = usual, seed: given = Date.now() % 1e6, lanes: several = 1 } = values;
    const [wanted, seed, lanes] = [points, given, several].map(Number);
    const acts = ACTS.filter((act) => values.act === undefined || values.act === act);
    if (!isWhole(wanted, 1)) return { ...none, wrong: '--points takes a whole number from 1' };
    if (!isWhole(seed, 0)) return { ...none, wrong: '--seed takes a whole number' };
    if (!isWhole(lanes, 1) || lanes > MOST_LANES) {
      return { ...none, wrong: `--lanes takes a whole number from 1 to ${MOST_LANES}` };
    }
    if (acts.length === 0) return { ...none, wrong: `--act takes one of ${ACTS.join(', ')}` };
    return { wanted, seed, lanes, acts };
  } catch (error) {
    return { ...none, wrong: (error as Error).message };
  }
}

const isWhole = (number: number | undefined, least: number): number is number =>
  number !== undefined && Number.isSafeInteger(number) && number >= least;
