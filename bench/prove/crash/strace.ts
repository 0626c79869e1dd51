import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type FileCall, readTrace } from './trace.ts';

export type Fault = 'EIO' | 'ENOSPC' | 'KILL';

/** What is to happen to the `ordinal`-th call of that name, counted from when it is set. */
export interface Injection {
  call: string;
  ordinal: number;
  fault: Fault;
  /** Only calls on these files count. */
  onlyPaths?: readonly string[];
}

/** Those that change files or their names, those that read them, and those that ask after them. */
export const FILE_CALLS = [
  ...['openat', 'close', 'write', 'writev', 'pwrite64', 'pwritev', 'ftruncate', 'fallocate'],
  ...['fsync', 'fdatasync', 'rename', 'renameat', 'renameat2', 'link', 'linkat'],
  ...['unlink', 'unlinkat', 'rmdir', 'mkdir', 'mkdirat', 'chmod', 'fchmod', 'utimensat'],
  ...['read', 'pread64', 'readv', 'preadv', 'copy_file_range', 'sendfile'],
  ...['statx', 'newfstatat', 'statfs', 'fstat', 'getdents64', 'readlink', 'access', 'lseek'],
];

/** Why faults cannot be injected here; undefined when they can. */
export function whyNoStrace(): string | undefined {
  const version = spawnSync('strace', ['-V'], { encoding: 'utf8' });
  if (version.status !== 0) return 'strace is not installed: apt-get install strace';
  const tried = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (tried.status !== 0) return `strace may not trace here (ptrace): ${tried.stderr.trim()}`;
  return undefined;
}

/**
 * The thread in which a Node.js process with UV_THREADPOOL_SIZE=1 makes every asynchronous call on
 * files; no call on a socket or a pipe is made there. Undefined while there is none yet.
 */
export function fileThread(pid: number): number | undefined {
  const folder = `/proc/${pid}/task`;
  try {
    const found = readdirSync(folder).filter((thread) =>
      readFileSync(`${folder}/${thread}/comm`, 'utf8').startsWith('libuv-worker'),
    );
    return found[0] === undefined ? undefined : Number(found[0]);
  } catch {
    return undefined;
  }
}

/** An strace that watches one thread, and injects one fault where it was told to. */
export class Watch {
  readonly #child: ChildProcess;
  readonly #file: string;
  readonly #ended: Promise<unknown>;
  #words = '';

  private constructor(child: ChildProcess, file: string) {
    this.#child = child;
    this.#file = file;
    this.#ended = new Promise((done) => child.once('close', done));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#words += chunk.toString();
    });
  }

  /** Resolves once every further call of the thread is seen. Rejects when strace may not. */
  static async begin(
    thread: { pid: number; id: number },
    file: string,
    injection?: Injection,
  ): Promise<Watch> {
    const args = ['-q', '-y', '-s', '0', '-ttt', '-T', '-o', file, '-p', String(thread.id)];
    args.push('-e', `trace=${FILE_CALLS.map((call) => `?${call}`).join(',')}`);
    if (injection !== undefined) {
      const { call, ordinal, fault, onlyPaths = [] } = injection;
      const what = fault === 'KILL' ? 'signal=KILL' : `error=${fault}`;
      args.push('-e', `inject=${call}:${what}:when=${ordinal}`);
      args.push(...onlyPaths.flatMap((path) => ['-P', path]));
    }
    const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const watch = new Watch(child, file);
    const status = `/proc/${thread.pid}/task/${thread.id}/status`;
    for (let waited = 0; waited < 10_000; waited += 2) {
      if (isTraced(status)) return watch;
      if (child.exitCode !== null) break;
      await wait(2);
    }
    await watch.end();
    // It was there, and its fault has ended the process before anybody looked.
    if (watch.injected || watch.killed) return watch;
    throw new Error(`strace does not attach to the archive: ${watch.#words.trim()}`);
  }

  /** Whether the fault was injected by now; a kill is seen by its process. */
  get injected(): boolean {
    return this.#text().includes('(INJECTED)');
  }

  /** Whether the process was ended in the midst; known once the watch has ended. */
  get killed(): boolean {
    return this.#text().includes('+++ killed by ');
  }

  /** Lets the thread go on alone; resolves to its calls until now. */
  async end(): Promise<FileCall[]> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
    }
    await this.#ended;
    return readTrace(this.#text());
  }

  #text(): string {
    try {
      return readFileSync(this.#file, 'utf8');
    } catch {
      return '';
    }
  }
}

function isTraced(statusFile: string): boolean {
  try {
    return /^TracerPid:\t[1-9]/m.test(readFileSync(statusFile, 'utf8'));
  } catch {
    return false;
  }
}
