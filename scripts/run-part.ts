// How npm test runs its parts, and what it remembers of each.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Part {
  name: string;
  seconds: number;
  ok: boolean;
  /** Shown below the part that it belongs to. */
  within?: boolean;
}

interface Ways {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** After so long it is killed: what hangs must not hold everything up for ever. */
  limitMs?: number;
  /** Stands before each line of one that has others beside it. */
  prefix?: string;
}

/** Runs a program; resolves to its exit code, null where it was killed, and how long that took. */
export async function runPart(
  command: string,
  args: string[],
  { cwd, env = process.env, limitMs, prefix }: Ways,
): Promise<{ status: number | null; seconds: number }> {
  const started = Date.now();
  const child: ChildProcess = spawn(command, args, {
    ...{ cwd, env, killSignal: 'SIGKILL' },
    ...(limitMs === undefined ? {} : { timeout: limitMs }),
    stdio: prefix === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) sayEachLine(stream, prefix ?? '');
  }
  // One that cannot be run has failed as well; the others go on.
  const [status] = (await once(child, 'close').catch(() => [null])) as [number | null];
  return { status, seconds: (Date.now() - started) / 1000 };
}

function sayEachLine(stream: Readable, prefix: string): void {
  createInterface({ input: stream }).on('line', (line) => console.log(`${prefix}${line}`));
}

/** Takes the works one after the other, as many at once as there are lanes. */
export async function inLanes(lanes: number, works: (() => Promise<void>)[]): Promise<void> {
  const left = [...works];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await next();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

const END = 'from beginning to end';

/** Where the time went: a line a part. */
export function tableOf(parts: readonly Part[], totalSeconds: number): string[] {
  const names = parts.map(
    ({ name, within, ok }) => `${within === true ? '  ' : ''}${name}${ok ? '' : ' (failed)'}`,
  );
  const width = Math.max(...[...names, END].map((name) => name.length));
  const line = (name: string, seconds: number | string) =>
    `${name.padEnd(width)}  ${String(seconds).padStart(7)}`;
  return [
    line('part', 'seconds'),
    ...parts.map(({ seconds }, at) => line(names[at] ?? '', seconds.toFixed(1))),
    line(END, totalSeconds.toFixed(1)),
  ];
}
