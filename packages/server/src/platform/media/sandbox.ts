import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import type { ProbeErrorCode } from '../../probe/ports.ts';
import type { OpenObject } from '../../record/vault.ts';

const MEMORY_BYTES = 4 * 1024 ** 3;
const CPU_SECONDS = 4 * 3600;
const TMPFS = '/dev/shm';

const mediaError = (code: ProbeErrorCode, message: string, cause?: unknown) =>
  new ArchiveError<ProbeErrorCode>(code, message, cause === undefined ? {} : { cause });

let prefix: string[] | undefined;

/** No files written, bounded memory and time, no network and no privileges where allowed. */
function sandboxPrefix(): string[] {
  if (prefix !== undefined) return prefix;
  const limits = [
    'prlimit',
    '--fsize=0',
    `--as=${MEMORY_BYTES}`,
    `--cpu=${CPU_SECONDS}`,
    '--core=0',
  ];
  const apart = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--net', '--ipc'];
  const works = (command: string[]) =>
    spawnSync(command[0] ?? '', [...command.slice(1), 'true'], { stdio: 'ignore' }).status === 0;
  prefix = [...(works(apart) ? apart : []), ...(works(limits) ? limits : [])];
  return prefix;
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
  const [command = '', ...rest] = [...sandboxPrefix(), run.program, ...run.args];
  const most = Math.max(2, ...run.inputs.map((input) => input.fd));
  const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe'];
  for (let fd = 3; fd <= most; fd += 1) stdio[fd] = 'ignore';
  for (const { fd, source } of run.inputs) stdio[fd] = 'fd' in source ? source.fd : 'pipe';
  const child = spawn(command, rest, { stdio, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' } });
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
  const ended = new Promise<{ code: number | null; missing: boolean }>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: null, missing: error.code === 'ENOENT' }),
    );
    child.once('close', (code) => resolve({ code, missing: code === 127 }));
  });
  const feeding = Promise.all(
    run.inputs.map(({ fd, source }) => ('fd' in source ? undefined : feed(child, fd, source))),
  );
  // A child that needs no more input closes its end; only a source's own failure counts.
  feeding.catch(() => child.kill('SIGKILL'));
  try {
    if (child.stdout !== null) for await (const chunk of child.stdout) yield chunk as Buffer;
    const { code, missing } = await ended;
    await feeding;
    if (missing) throw mediaError('FFMPEG_MISSING', `${run.program} is not installed`);
    if (timedOut) throw mediaError('MEDIA_TIMEOUT', `${run.program} took too long`);
    if (code !== 0) {
      throw mediaError(
        'MEDIA_UNREADABLE',
        `${run.program} ended with ${code} (${words} bytes said)`,
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

/**
 * The bytes as a file in memory that has no name any more: seekable, never on a disk. The caller
 * closes it. Rejects with MEDIA_NEEDS_INDEX_FIRST beyond `mostBytes`.
 */
export async function nameless(source: OpenObject, mostBytes: number): Promise<FileHandle> {
  if (source.sizeBytes > mostBytes) {
    const message = `the container must be seekable and is larger than ${mostBytes} bytes; send it with its index in front (faststart or fragmented)`;
    throw mediaError('MEDIA_NEEDS_INDEX_FIRST', message);
  }
  const path = join(TMPFS, `voxkeep-${process.pid}-${crypto.randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
    for await (const chunk of source.stream()) await file.write(chunk);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
