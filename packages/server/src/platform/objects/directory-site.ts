import { mkdir, open, readdir, rename, rm, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { ArchiveError, hasCode } from '../../core/errors.ts';
import { AREAS, type Area, type SiteStore } from '../../place/ports.ts';
import { readInPieces, writeAll } from './file-pieces.ts';
import { SharedFlush } from './folder-flush.ts';
import { errno, failure } from './site-failure.ts';
import { claimSite, identityMark, readIdentity } from './site-identity.ts';
import { assertKey } from './site-key.ts';

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
  /** Another process writes there: nothing is made or removed. */
  looking?: boolean;
  /** Makes the names in a folder durable. */
  flush?: (folder: string) => Promise<void>;
}): Promise<SiteStore> {
  const { name, folder, archiveId, looking = false } = options;
  await claimSite(options);
  for (const area of looking ? [] : AREAS) {
    await mkdir(join(folder, area), { recursive: true, mode: 0o700 });
    await rm(join(folder, area, '.drafts'), { recursive: true, force: true });
    await mkdir(join(folder, area, '.drafts'), { mode: 0o700 });
  }
  const root = resolve(folder);
  const made = new Map<string, Promise<void>>();
  const flushed = new SharedFlush(options.flush);
  let drafts = 0;
  let seen = await identityMark(folder);

  /**
   * Rejects unless the very site is still there. Without it an unmounted disk would look like a site
   * where everything has been deleted, and one mounted in its place would be written to.
   */
  async function present(): Promise<void> {
    const mark = await identityMark(folder);
    if (mark !== undefined && mark === seen) return;
    await claimSite({ ...options, create: false });
    seen = mark;
    made.clear();
  }

  const pathOf = (area: Area, key: string): string => {
    assertKey(key);
    return join(folder, area, key);
  };
  /**
   * Resolves once the folder is there durably. That it is there does not say so: a process may have been
   * ended, or a flush have failed, just after it was made.
   */
  async function madeFolder(path: string): Promise<void> {
    const underWay = made.get(path);
    if (underWay !== undefined) return underWay;
    const work = (async () => {
      await mkdir(path, { recursive: true, mode: 0o700 });
      for (let at = resolve(path); at !== root && at !== dirname(at); at = dirname(at)) {
        await flushed.flush(dirname(at));
      }
    })();
    made.set(path, work);
    try {
      await work;
    } catch (error) {
      made.delete(path);
      throw error;
    }
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
        // Where a disk fails to make a folder, Node.js says that there is none.
        await madeFolder(dirname(target)).catch(unwritable);
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
          await flushed.flush(dirname(target));
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
        yield* readInPieces(path);
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
    locks: () => false,
    lock: (area, key) =>
      reaching(key, async () => {
        await stat(pathOf(area, key));
      }),
    delete: (area, key) =>
      reaching(key, async () => {
        const path = pathOf(area, key);
        await present();
        await unlink(path).catch(unlessMissing);
        // Also when it was gone: an earlier try may have ended between the two.
        await flushed.flush(dirname(path)).catch(unlessMissing);
      }),
    async *list(area, prefix = '') {
      await present();
      const top = join(folder, area);
      for await (const path of filesBelow(top)) {
        const key = relative(top, path);
        if (!key.startsWith(prefix)) continue;
        const about = await stat(path).catch(unlessMissing);
        if (about !== undefined) yield { key, sizeBytes: about.size };
      }
    },
    async health() {
      try {
        const identity = await readIdentity(folder);
        if (identity === undefined) return { reachable: false, reason: 'SITE_UNREACHABLE' };
        if (identity.archiveId !== archiveId || identity.site !== name)
          return { reachable: false, reason: 'SITE_FOREIGN' };
        const space = await statfs(folder);
        const freeBytes = space.bavail * space.bsize;
        // What is kept for root is neither free nor ours.
        const totalBytes = (space.blocks - space.bfree) * space.bsize + freeBytes;
        return { reachable: true, freeBytes, totalBytes };
      } catch {
        return { reachable: false, reason: 'SITE_UNREACHABLE' };
      }
    },
  };
}

/** One folder after another: a site has more files than memory holds names. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(unlessMissing)) ?? []) {
    if (entry.name === '.drafts') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** A folder that vanished under a write is a site that went away, not an object that is missing. */
function unwritable(error: unknown): never {
  if (errno(error) !== 'ENOENT') throw error;
  throw failure('SITE_UNREACHABLE', 'the folder of the site went away', error);
}

function unlessMissing(error: unknown): undefined {
  if (errno(error) !== 'ENOENT') throw error;
  return undefined;
}
