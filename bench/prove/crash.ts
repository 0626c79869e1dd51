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

/**
 * An error of the disk, or the end of the process, at every kind of call on files that intake, ledger,
 * placement, reading, a start, a new day's keys and a new epoch's make, one after the other: `--points N`
 * of them in the order of `--seed N`, or of one act alone with `--act NAME`. After each the archive
 * serves, has all that it acknowledged, and goes on by itself.
 */
export async function proveCrash(say: (line: string) => void): Promise<string[]> {
  const { wanted, seed, acts, wrong } = readOptions();
  if (wrong !== undefined) return [wrong];
  const why = whyNoStrace();
  if (why !== undefined) return [why];
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  const scene = new Scene(DAYS);
  try {
    await scene.make();
    say(`an archive with the sample calls is made; seed ${seed}`);
    return await prove(scene, { wanted, seed, acts, signal: stop.signal }, say);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    await scene.end();
  }
}

async function prove(
  scene: Scene,
  options: Options & { signal: AbortSignal },
  say: (line: string) => void,
): Promise<string[]> {
  const { wanted, seed, acts, signal } = options;
  const prover = new Prover(scene, seed);
  const { problems, books } = prover;
  const counts = await prover.count(acts);
  for (const [act, calls] of counts) {
    say(`${act}: ${[...calls].map(([call, count]) => `${count} ${call}`).join(', ')}`);
  }
  const done = { points: 0, kills: 0, kinds: new Set<string>() };
  const began = Date.now();
  let said = began;
  let tried = 0;
  for (const point of planPoints(counts, new Seeded(seed))) {
    if (done.points >= wanted || signal.aborted || problems.length >= MOST_PROBLEMS) break;
    tried += 1;
    const before = problems.length;
    if (await prover.run(point)) {
      note(done, point);
      if (done.points % WHOLE_EVERY === 0) await prover.judgeAll(false);
    }
    for (const one of problems.slice(before)) say(`  ${one} (seed ${seed}, point ${tried})`);
    if (Date.now() - said >= SAY_EVERY_MS) {
      said = Date.now();
      const pace = ((said - began) / 1000 / Math.max(1, done.points)).toFixed(2);
      say(
        `${done.points} of ${wanted} points (${tried} tried), ${done.kills} kills, ${pace} s each`,
      );
    }
  }
  if (signal.aborted) return [...problems, `stopped after ${done.points} points`];
  const { entries, copies, leftovers } = await prover.judgeAll(true);
  const objects = leftovers.filter(({ kind }) => kind === 'object').length;
  say(
    `${copies} copies opened, ${entries} ledger entries; ended processes left ${leftovers.length} files ` +
      `that no row knows (${objects} objects)`,
  );
  say(`${await prover.judgeRebuild()} rows of a catalog that was rebuilt from hq alone`);
  if (problems.length > 0) return problems.map((one) => `${one} (seed ${seed})`);
  const { points, kills, kinds } = done;
  say(
    `prove crash: OK ${points} points (${kills} kills, ${points - kills} errors) over ${kinds.size} ` +
      `kinds of calls, ${books.calls.size} acknowledged, 0 lost, fsck clean`,
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
  acts: readonly ActName[];
}

function readOptions(): Options & { wrong?: string } {
  const usual = process.argv.includes('--small') ? POINTS.small : POINTS.usual;
  const none = { wanted: 0, seed: 0, acts: [] };
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: { points: text, seed: text, act: text, small: { type: 'boolean' } },
    });
    const [wanted, seed] = [values.points ?? usual, values.seed ?? Date.now() % 1e6].map(Number);
    const acts = ACTS.filter((act) => values.act === undefined || values.act === act);
    if (!isWhole(wanted, 1)) return { ...none, wrong: '--points takes a whole number from 1' };
    if (!isWhole(seed, 0)) return { ...none, wrong: '--seed takes a whole number' };
    if (acts.length === 0) return { ...none, wrong: `--act takes one of ${ACTS.join(', ')}` };
    return { wanted, seed, acts };
  } catch (error) {
    return { ...none, wrong: (error as Error).message };
  }
}

const isWhole = (number: number | undefined, least: number): number is number =>
  number !== undefined && Number.isSafeInteger(number) && number >= least;
