import { mkdir, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownFolder } from './receipts.ts';
import { lookAt, type SourceFile } from './source-file.ts';

const TAKEN = '.taken';
const GONE = '.gone';

/**
 * Unlinks the files of one call, all or none. They are moved aside first and looked at there, where
 * nobody writes: one that is not what was archived brings all of them back, and the answer is
 * 'changed'. A file that is gone already is no obstacle. A crash in between is undone, or carried
 * to its end, by `recoverRemovals`.
 */
export async function removeSources(
  root: string,
  files: readonly SourceFile[],
  id: string,
): Promise<'removed' | 'changed'> {
  for (const file of files) {
    const now = await lookAt(root, file.folder, file.name);
    if (now !== undefined && now.identity !== file.identity) return 'changed';
  }
  const aside = join(await ownFolder(root, TAKEN), id);
  await mkdir(aside, { recursive: true });
  try {
    for (const file of files) {
      await mkdir(join(aside, file.folder), { recursive: true });
      if (!(await moved(file.path, join(aside, file.folder, file.name)))) continue;
      if ((await lookAt(aside, file.folder, file.name))?.body !== file.body) {
        await putBack(root, id);
        return 'changed';
      }
    }
  } catch (error) {
    await putBack(root, id);
    // A folder on another file system: nothing can be moved from it, so each is unlinked by itself.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    for (const file of files) {
      const now = await lookAt(root, file.folder, file.name);
      if (now === undefined) continue;
      if (now.body !== file.body) return 'changed';
      await unlink(file.path);
    }
    return 'removed';
  }
  const gone = join(await ownFolder(root, GONE), id);
  await rm(gone, { recursive: true, force: true });
  // The one moment that decides: before it everything comes back, after it nothing does.
  await rename(aside, gone);
  await rm(gone, { recursive: true, force: true });
  return 'removed';
}

/** Ends what a crash interrupted. Call before the first look at the folder. */
export async function recoverRemovals(root: string): Promise<void> {
  await rm(await ownFolder(root, GONE), { recursive: true, force: true });
  for (const id of await readdir(await ownFolder(root, TAKEN))) await putBack(root, id);
}

/** Moves the files of one call back to where they were; beside a new file of that name, if need be. */
async function putBack(root: string, id: string): Promise<void> {
  const aside = join(root, TAKEN, id);
  const entries = await readdir(aside, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const places = files.map((entry) => ({
    path: join(entry.parentPath, entry.name),
    folder: entry.parentPath.slice(aside.length + 1),
    name: entry.name,
  }));
  const free = await Promise.all(
    places.map(async ({ folder, name }) => (await lookAt(root, folder, name)) === undefined),
  );
  const home = free.every(Boolean) ? root : join(root, `again-${id}`);
  for (const { path, folder, name } of places) {
    const target = join(home, folder, name);
    await mkdir(dirname(target), { recursive: true });
    await rename(path, target);
  }
  await rm(aside, { recursive: true, force: true });
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
