import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import { ArchiveError } from '../../core/errors.ts';
import type { ProbeErrorCode } from '../../probe/ports.ts';

const MEMORY_BYTES = 4 * 1024 ** 3;
const CPU_SECONDS = 4 * 3600;

const mediaError = (code: ProbeErrorCode, message: string, retry: 'never' | 'later') =>
  new ArchiveError<ProbeErrorCode>(code, message, { retry });

const NOBODY = '65534';
const LIMITS = ['prlimit', '--fsize=0', `--as=${MEMORY_BYTES}`, `--cpu=${CPU_SECONDS}`, '--core=0'];
/** As root a real other user, who can open none of root's files; else a user namespace. */
const OTHER_USER = [
  ...['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'],
  ...['--inh-caps=-all', '--bounding-set=-all'],
];
const NAMESPACE = [
  ...['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--net', '--ipc'],
];
const prefixes = new Map<string, string[]>();

/**
 * What stands before the program: no files written, bounded memory and time, no network and no
 * privileges. The strictest that works on this machine; containers may forbid some of it.
 */
function sandboxPrefix(program: string): string[] {
  const known = prefixes.get(program);
  if (known !== undefined) return known;
  const apart =
    process.getuid?.() === 0
      ? [['unshare', '--net', '--ipc', ...OTHER_USER], OTHER_USER, NAMESPACE]
      : [[...NAMESPACE, 'setpriv', '--no-new-privs'], NAMESPACE];
  const works = ([command = '', ...rest]: string[]) =>
    spawnSync(command, [...rest, program, '-version'], { stdio: 'ignore' }).status === 0;
  const ways = [...apart.map((way) => [...way, ...LIMITS]), LIMITS, ...apart];
  const prefix = ways.find(works);
  // Not remembered when the program is missing: it may be installed while the archive runs.
  if (prefix !== undefined) prefixes.set(program, prefix);
  return prefix ?? [];
}

export interface ChildRun {
  program: 'ffmpeg' | 'ffprobe';
  args: string[];
  /** What the child reads: descriptor → bytes, or a file that is there already. */
  inputs: { fd: number; source: AsyncIterable<Uint8Array> | FileHandle }[];
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Runs a program in the sandbox; its standard output as chunks. Rejects with FFMPEG_MISSING,
 * MEDIA_TIMEOUT, MEDIA_UNREADABLE. The child is gone when the iteration ends, however it ends.
 */
export async function* runSandboxed(run: ChildRun): AsyncGenerator<Buffer> {
  const [command = '', ...rest] = [...sandboxPrefix(run.program), run.program, ...run.args];
  const most = Math.max(2, ...run.inputs.map((input) => input.fd));
  const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe'];
  for (let fd = 3; fd <= most; fd += 1) stdio[fd] = 'ignore';
  for (const { fd, source } of run.inputs) stdio[fd] = 'fd' in source ? source.fd : 'pipe';
  // A group of its own: Ctrl-C at the archive's terminal must not break off the call that is read.
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
  const child = spawn(command, rest, { stdio, env, detached: true });
  let words = 0;
  child.stderr?.on('data', (chunk: Buffer) => {
    words += chunk.length;
  });
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      child.kill('SIGKILL');
    },
    run.timeoutMs ?? CPU_SECONDS * 1000,
  );
  const stop = () => child.kill('SIGKILL');
  run.signal?.addEventListener('abort', stop);
  if (run.signal?.aborted === true) stop();
  const ended = new Promise<{ code: number | null; missing: boolean }>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: null, missing: error.code === 'ENOENT' }),
    );
    child.once('close', (code) => resolve({ code, missing: code === 127 }));
  });
  const feeding = Promise.all(
    run.inputs.map(({ fd, source }) =>
      'fd' in source ? Promise.resolve() : feed(child, fd, source),
    ),
  );
  // A child that needs no more input closes its end; only a source's own failure counts.
  feeding.catch(() => child.kill('SIGKILL'));
  try {
    if (child.stdout !== null) for await (const chunk of child.stdout) yield chunk as Buffer;
    const { code, missing } = await ended;
    await feeding;
    if (missing) throw mediaError('FFMPEG_MISSING', `${run.program} is not installed`, 'later');
    if (timedOut) throw mediaError('MEDIA_TIMEOUT', `${run.program} took too long`, 'never');
    if (code !== 0) {
      throw mediaError(
        'MEDIA_UNREADABLE',
        `${run.program} ended with ${code} (${words} bytes said)`,
        'never',
      );
    }
  } finally {
    clearTimeout(timer);
    run.signal?.removeEventListener('abort', stop);
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

async function feed(
  child: ChildProcess,
  fd: number,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  const pipe = child.stdio[fd] as NodeJS.WritableStream | null | undefined;
  if (pipe === null || pipe === undefined) return;
  let closed = false;
  pipe.on('error', () => {
    closed = true;
  });
  pipe.on('close', () => {
    closed = true;
  });
  for await (const chunk of source) {
    if (closed) return;
    if (!pipe.write(chunk)) {
      await new Promise<void>((resolve) => {
        pipe.once('drain', resolve);
        pipe.once('close', resolve);
        pipe.once('error', () => resolve());
      });
    }
  }
  pipe.end();
}
