import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { VersionMemory } from '../access/index.ts';
import { ArchiveError } from '../core/errors.ts';

const FORMAT = 'voxkeep/row-versions/v1';
const File = z.strictObject({
  format: z.literal(FORMAT),
  versions: z.record(z.string(), z.int().min(1)),
});

/**
 * The least versions of sealed rows, in a file of the key folder: what a database says of itself
 * cannot be the proof that it is not an older one. `made` is true when there was no file, which is
 * so once in the life of an archive. Rejects with KEYS_DAMAGED for a file that does not read.
 */
export async function openVersionFile(
  file: string,
): Promise<{ memory: VersionMemory; made: boolean; keep(): Promise<void> }> {
  // Of a process that was ended in the midst.
  await rm(`${file}.new`, { force: true });
  const known = await read(file);
  const versions = new Map(Object.entries(known ?? {}));
  let writing = Promise.resolve();
  const keep = () => {
    // One after the other, each with all that is known when its turn comes.
    writing = writing.catch(() => undefined).then(() => write(file, versions));
    return writing;
  };
  return {
    made: known === undefined,
    keep,
    memory: {
      least: (rowId) => versions.get(rowId) ?? 0,
      raise: async (rowId, version) => {
        if (version <= (versions.get(rowId) ?? 0)) return;
        versions.set(rowId, version);
        await keep();
      },
    },
  };
}

/** Undefined where there is none; a file that cannot be read is not none. */
async function read(file: string): Promise<Record<string, number> | undefined> {
  try {
    return File.parse(JSON.parse(await readFile(file, 'utf8'))).versions;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ArchiveError('KEYS_DAMAGED', 'row-versions.json of the key folder does not read', {
      cause,
    });
  }
}

async function write(file: string, versions: Map<string, number>): Promise<void> {
  const text = JSON.stringify({ format: FORMAT, versions: Object.fromEntries(versions) });
  const draft = await open(`${file}.new`, 'w', 0o600);
  try {
    await draft.writeFile(`${text}\n`);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(`${file}.new`, file);
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
