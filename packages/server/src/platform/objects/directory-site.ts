import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ArchiveError, hasCode } from '../../core/errors.ts';
import { AREAS, type Area, type PlaceErrorCode, type SiteStore } from '../../place/ports.ts';

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
const IDENTITY = 'site.json';
const FORMAT = 'voxkeep/site/v1';

const failure = (code: PlaceErrorCode, message: string, cause?: unknown) =>
  new ArchiveError<PlaceErrorCode>(code, message, {
    cause,
    retry: code === 'OBJECT_MISSING' ? 'never' : 'later',
  });

/**
 * A site that is a directory with one folder (0700) an area. Its identity file says whose it is:
 * a folder of another archive or site, or one with files that are not ours, is refused with
 * SITE_FOREIGN. `create` makes the identity in an empty or missing folder. What an earlier process
 * left half-written is removed.
 */
export async function openDirectorySite(options: {
  name: string;
  folder: string;
  archiveId: string;
  create: boolean;
}): Promise<SiteStore> {
  const { name, folder, archiveId } = options;
  await claim(options);
  for (const area of AREAS) {
    await mkdir(join(folder, area), { recursive: true, mode: 0o700 });
    await rm(join(folder, area, '.drafts'), { recursive: true, force: true });
    await mkdir(join(folder, area, '.drafts'), { mode: 0o700 });
  }
  const made = new Set<string>();
  let drafts = 0;
  let seen = await identityMark(folder);

  /**
   * Rejects unless the very site is still there. Without it an unmounted disk would look like a site
   * where everything has been deleted, and one mounted in its place would be written to.
   */
  async function present(): Promise<void> {
    const mark = await identityMark(folder);
    if (mark !== undefined && mark === seen) return;
    await claim({ ...options, create: false });
    seen = mark;
    made.clear();
  }

  const pathOf = (area: Area, key: string): string => {
    if (!KEY.test(key)) throw failure('OBJECT_KEY_UNSAFE', `not a key: ${key.slice(0, 80)}`);
    return join(folder, area, key);
  };
  async function madeFolder(path: string): Promise<void> {
    if (made.has(path)) return;
    const first = await mkdir(path, { recursive: true, mode: 0o700 });
    if (first !== undefined) {
      for (let at = path; at.length >= first.length; at = dirname(at))
        await syncFolder(dirname(at));
    }
    made.add(path);
  }
  async function reaching<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ArchiveError) throw error;
      const code = errno(error);
      if (code === 'ENOENT') {
        await present();
        throw failure('OBJECT_MISSING', `${key} is not at ${name}`, error);
      }
      if (code === 'ENOSPC' || code === 'EDQUOT')
        throw failure('SITE_FULL', `${name} is full`, error);
      if (code === undefined) throw error;
      throw failure('SITE_UNREACHABLE', `${name} does not answer (${code})`, error);
    }
  }

  return {
    name,
    async put(area, key, source, putOptions = {}) {
      const target = pathOf(area, key);
      drafts += 1;
      const draft = join(folder, area, '.drafts', `${process.pid}-${drafts}`);
      let sizeBytes = 0;
      return reaching(key, async () => {
        await present();
        await madeFolder(dirname(target));
        const file = await open(draft, 'wx', 0o600).catch(unwritable);
        try {
          sizeBytes = await writeAll(file, source);
          const { expectedBytes } = putOptions;
          if (expectedBytes !== undefined && expectedBytes !== sizeBytes) {
            throw failure(
              'OBJECT_SIZE_WRONG',
              `${key}: ${sizeBytes} of ${expectedBytes} bytes came`,
            );
          }
          await file.sync();
          await file.close();
          await rename(draft, target).catch(unwritable);
          await syncFolder(dirname(target));
        } catch (error) {
          made.delete(dirname(target));
          await file.close().catch(() => undefined);
          await rm(draft, { force: true }).catch(() => undefined);
          throw error;
        }
        return { sizeBytes };
      });
    },
    async *get(area, key) {
      const path = pathOf(area, key);
      try {
        await present();
        for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
          yield chunk as Buffer;
        }
      } catch (error) {
        await reaching(key, () => Promise.reject(error));
      }
    },
    readRange: (area, key, offset, length) =>
      reaching(key, async () => {
        const file = await open(pathOf(area, key), 'r');
        try {
          const bytes = Buffer.allocUnsafe(length);
          let filled = 0;
          while (filled < length) {
            const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
            if (bytesRead === 0) break;
            filled += bytesRead;
          }
          return bytes.subarray(0, filled);
        } finally {
          await file.close();
        }
      }),
    async stat(area, key) {
      try {
        const about = await stat(pathOf(area, key));
        return { sizeBytes: about.size, writtenAt: about.mtime };
      } catch (error) {
        return reaching<undefined>(key, () => Promise.reject(error)).catch((reason: unknown) => {
          if (hasCode(reason, 'OBJECT_MISSING')) return undefined;
          throw reason;
        });
      }
    },
    delete: (area, key) =>
      reaching(key, async () => {
        const path = pathOf(area, key);
        await present();
        await unlink(path).catch(unlessMissing);
        // Also when it was gone: an earlier try may have ended between the two.
        await syncFolder(dirname(path)).catch(unlessMissing);
      }),
    async *list(area, prefix = '') {
      await present();
      const root = join(folder, area);
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const key = relative(root, path);
        if (key.startsWith('.drafts') || !key.startsWith(prefix)) continue;
        yield { key, sizeBytes: (await stat(path)).size };
      }
    },
    async health() {
      try {
        const identity = await readIdentity(folder);
        if (identity === undefined) return { reachable: false, reason: 'SITE_UNREACHABLE' };
        if (identity.archiveId !== archiveId || identity.site !== name)
          return { reachable: false, reason: 'SITE_FOREIGN' };
        const space = await statfs(folder);
        return { reachable: true, freeBytes: space.bavail * space.bsize };
      } catch {
        return { reachable: false, reason: 'SITE_UNREACHABLE' };
      }
    },
  };
}

async function claim(options: {
  name: string;
  folder: string;
  archiveId: string;
  create: boolean;
}): Promise<void> {
  const { name, folder, archiveId, create } = options;
  const identity = await readIdentity(folder);
  if (identity !== undefined) {
    if (identity.archiveId === archiveId && identity.site === name) return;
    throw failure(
      'SITE_FOREIGN',
      `the folder of site ${name} belongs to ${identity.site} of archive ${identity.archiveId}`,
    );
  }
  if (!create)
    throw failure('SITE_UNREACHABLE', `site ${name} has no identity file; is it mounted?`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = (await readdir(folder)).filter((entry) => entry !== 'lost+found');
  if (there.length > 0) {
    throw failure('SITE_FOREIGN', `the folder of site ${name} holds files that are not Voxkeep's`);
  }
  const file = await open(join(folder, IDENTITY), 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ format: FORMAT, archiveId, site: name })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
}

async function readIdentity(
  folder: string,
): Promise<{ archiveId: string; site: string } | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, IDENTITY), 'utf8');
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw failure('SITE_UNREACHABLE', 'the identity file cannot be read', error);
  }
  try {
    return JSON.parse(text) as { archiveId: string; site: string };
  } catch (cause) {
    throw failure('SITE_FOREIGN', 'the identity file does not read', cause);
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Changes when another file system, or another site's folder, stands in the place. */
async function identityMark(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, mtimeMs } = await stat(join(folder, IDENTITY));
    return `${dev}:${ino}:${mtimeMs}`;
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR') return undefined;
    throw failure('SITE_UNREACHABLE', 'the identity file cannot be read', error);
  }
}

const BATCH_BYTES = 1 << 20;
/** Below the kernel's limit of 1,024 pieces a call. */
const BATCH_PIECES = 500;

/** Every byte, in few calls; a call may write less than it was given. */
async function writeAll(
  file: FileHandle,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  let total = 0;
  let batch: Uint8Array[] = [];
  let batchBytes = 0;
  const flush = async () => {
    while (batchBytes > 0) {
      let { bytesWritten } = await file.writev(batch);
      batchBytes -= bytesWritten;
      const whole = batch.findIndex((piece) => {
        if (piece.length > bytesWritten) return true;
        bytesWritten -= piece.length;
        return false;
      });
      batch = whole < 0 ? [] : batch.slice(whole);
      if (batch[0] !== undefined) batch[0] = batch[0].subarray(bytesWritten);
    }
    batch = [];
  };
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    batch.push(chunk);
    batchBytes += chunk.length;
    total += chunk.length;
    if (batchBytes >= BATCH_BYTES || batch.length >= BATCH_PIECES) await flush();
  }
  await flush();
  return total;
}

/** A folder that vanished under a write is a site that went away, not an object that is missing. */
function unwritable(error: unknown): never {
  if (errno(error) !== 'ENOENT') throw error;
  throw failure('SITE_UNREACHABLE', 'the folder of the site went away', error);
}

function unlessMissing(error: unknown): void {
  if (errno(error) !== 'ENOENT') throw error;
}

const errno = (error: unknown): string | undefined => (error as NodeJS.ErrnoException)?.code;
