import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { dropError } from './drop-error.ts';

const CHUNK_BYTES = 256 * 1024;

/** A regular file in the drop folder, as it was when it was looked at. */
export interface SourceFile {
  /** Path of its folder within the drop folder; '' is the drop folder itself. */
  folder: string;
  name: string;
  path: string;
  sizeBytes: number;
  modifiedAt: Date;
  /** Device, inode, size and modification time: these survive a rename. */
  body: string;
  /** `body` with the change time, which no program can set back. */
  identity: string;
}

/** The regular file of that name, or undefined when there is none (any more). Follows no link. */
export async function lookAt(
  root: string,
  folder: string,
  name: string,
): Promise<SourceFile | undefined> {
  const path = join(root, folder, name);
  try {
    const stat = await lstat(path, { bigint: true });
    if (!stat.isFile()) return undefined;
    const modifiedAt = new Date(Number(stat.mtimeMs));
    return { folder, name, path, sizeBytes: Number(stat.size), modifiedAt, ...marks(stat) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * The bytes of a file, from the very file that was looked at: no link is followed, no pipe is waited
 * for, and a folder that was swapped for a link leads nowhere. Throws DROP_NOT_A_FILE, DROP_CHANGED
 * (also when it changes while it is read) and DROP_STOPPED.
 */
export async function* readSource(
  root: string,
  file: SourceFile,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(file.path, flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ELOOP') throw dropError('DROP_NOT_A_FILE', 'a link is not followed', cause);
    if (cause.code === 'ENOENT') throw dropError('DROP_CHANGED', 'a file went away', cause);
    throw cause;
  });
  try {
    await check(handle);
    if (!(await liesInside(root, handle, file))) {
      throw dropError('DROP_NOT_A_FILE', 'a file lies outside the drop folder');
    }
    const stream = handle.createReadStream({ autoClose: false, highWaterMark: CHUNK_BYTES });
    for await (const chunk of stream) {
      if (signal?.aborted === true) throw dropError('DROP_STOPPED', 'the archive is closing');
      yield chunk as Uint8Array;
    }
    await check(handle);
  } finally {
    await handle.close();
  }

  async function check(opened: FileHandle): Promise<void> {
    const stat = await opened.stat({ bigint: true });
    if (!stat.isFile()) throw dropError('DROP_NOT_A_FILE', 'not a regular file');
    if (marks(stat).identity !== file.identity) {
      throw dropError('DROP_CHANGED', 'a file is not what it was');
    }
  }
}

function marks(stat: BigIntStats): { body: string; identity: string } {
  const body = `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}`;
  return { body, identity: `${body}:${stat.ctimeNs}` };
}

/** Asks the kernel where the open file is; names could have been swapped meanwhile. */
async function liesInside(root: string, handle: FileHandle, file: SourceFile): Promise<boolean> {
  const real = await realpath(root);
  let place: string;
  try {
    place = dirname(await readlink(`/proc/self/fd/${handle.fd}`));
  } catch {
    place = await realpath(dirname(file.path));
  }
  return place === real || place.startsWith(real.endsWith(sep) ? real : `${real}${sep}`);
}
