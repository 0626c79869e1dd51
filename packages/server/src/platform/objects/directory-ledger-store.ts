import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import type { LedgerErrorCode, LedgerStore } from '../../ledger/ports.ts';
import { SharedFlush } from './folder-flush.ts';

const PATH = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/**
 * The ledger of a site that is a directory, under `<siteFolder>/ledger/`. The site's folder itself
 * is never made here: where it is missing, the site is not mounted, and what were written would be
 * written to the wrong disk. Drafts lie in `.drafts`, which the opening of the site empties: what a killed
 * process left half-written goes with the next start.
 */
export function directoryLedgerStore(
  site: { name: string; siteFolder: string },
  flushed = new SharedFlush(),
): LedgerStore {
  const root = join(site.siteFolder, 'ledger');
  const drafts = join(root, '.drafts');
  /** Folders that are there durably; making each once saves most of the waiting for the disk. */
  const made = new Set<string>();
  let count = 0;

  async function madeFolder(folder: string): Promise<void> {
    if (made.has(folder)) return;
    if (folder === root) await stat(site.siteFolder);
    else await madeFolder(dirname(folder));
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (errno(error) !== 'EEXIST') throw error;
    });
    await flushed.flush(dirname(folder));
    made.add(folder);
  }

  async function write(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(root, path);
    const folder = dirname(target);
    count += 1;
    const draft = join(drafts, `${process.pid}-${count}`);
    await madeFolder(drafts);
    await madeFolder(folder);
    try {
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
    await flushed.flush(folder);
  }

  return {
    name: site.name,
    put: (path, bytes) =>
      reaching(site.name, path, async () => {
        try {
          await write(path, bytes);
        } catch (error) {
          // Somebody removed a folder that was there, or mounted the site anew.
          made.clear();
          if (errno(error) !== 'ENOENT') throw error;
          await write(path, bytes);
        }
      }),
    get: (path) =>
      reaching(site.name, path, async () => {
        try {
          // Who reads what was written there, the checkpoint above all, builds on it: a name whose flush
          // failed, or was cut off by a kill, can be read and still be lost.
          if (dirname(path) === '.') await flushed.flush(root).catch(unlessReadOnly);
          return await readFile(join(root, path));
        } catch (error) {
          if (errno(error) !== 'ENOENT' && errno(error) !== 'ENOTDIR') throw error;
          await stat(site.siteFolder);
          return undefined;
        }
      }),
  };
}

/** A site that is mounted for reading alone has nothing to flush. */
function unlessReadOnly(error: unknown): void {
  if (!['EROFS', 'EINVAL', 'ENOTSUP'].includes(errno(error) ?? '')) throw error;
}

async function reaching<T>(site: string, path: string, work: () => Promise<T>): Promise<T> {
  if (!PATH.test(path)) throw new TypeError(`not a path within a ledger: ${path}`);
  try {
    return await work();
  } catch (cause) {
    throw new ArchiveError<LedgerErrorCode>(
      'LEDGER_UNAVAILABLE',
      `site ${site}: ${path}: ${errno(cause) ?? 'failed'}`,
      { retry: 'later', cause },
    );
  }
}

function errno(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
