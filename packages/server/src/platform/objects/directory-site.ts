import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
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
      if (code === 'ENOENT') throw failure('OBJECT_MISSING', `${key} is not at ${name}`, error);
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
        await madeFolder(dirname(target)).catch((error: unknown) => {
          throw failure('SITE_UNREACHABLE', `${name} does not answer`, error);
        });
        const file = await open(draft, 'wx', 0o600);
        try {
          for await (const chunk of source) {
            await file.writev([chunk]);
            sizeBytes += chunk.length;
          }
          const { expectedBytes } = putOptions;
          if (expectedBytes !== undefined && expectedBytes !== sizeBytes) {
            throw failure(
              'OBJECT_SIZE_WRONG',
              `${key}: ${sizeBytes} of ${expectedBytes} bytes came`,
            );
          }
          await file.sync();
          await file.close();
          await rename(draft, target);
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
          const { bytesRead } = await file.read(bytes, 0, length, offset);
          return bytes.subarray(0, bytesRead);
        } finally {
          await file.close();
        }
      }),
    async stat(area, key) {
      try {
        const about = await stat(pathOf(area, key));
        return { sizeBytes: about.size, writtenAt: about.mtime };
      } catch (error) {
        if (errno(error) === 'ENOENT') return undefined;
        return reaching(key, () => Promise.reject(error));
      }
    },
    delete: (area, key) =>
      reaching(key, async () => {
        const path = pathOf(area, key);
        try {
          await unlink(path);
        } catch (error) {
          if (errno(error) === 'ENOENT') return;
          throw error;
        }
        await syncFolder(dirname(path));
      }),
    async *list(area, prefix = '') {
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
        if (identity?.archiveId !== archiveId) return { reachable: false, reason: 'SITE_FOREIGN' };
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

const errno = (error: unknown): string | undefined => (error as NodeJS.ErrnoException)?.code;
