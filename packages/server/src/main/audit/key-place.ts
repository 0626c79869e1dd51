import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../core/errors.ts';
import type { KeyPlace } from '../../inspect/audit/index.ts';
import { assertKeysApart } from '../../keys/index.ts';

const OTHERS = 0o077;
const MOST_NAMED = 50;

/** Where the key folder is with regard to the folders of data, and what of it others may read. */
export async function keyPlaceOf(
  keyFolder: string,
  places: readonly { place: string; folder: string }[],
): Promise<KeyPlace> {
  const inside = await assertKeysApart(
    keyFolder,
    places.map(({ folder }) => folder),
  ).then(
    () => false,
    (error: unknown) => {
      if (hasCode(error, 'KEYS_INSIDE_DATA')) return true;
      throw error;
    },
  );
  const { dev } = await stat(keyFolder);
  const sharesDeviceWith: string[] = [];
  for (const { place, folder } of places) {
    // One that is away shares nothing now.
    const about = await stat(folder).catch(() => undefined);
    if (about?.dev === dev) sharesDeviceWith.push(place);
  }
  return { inside, sharesDeviceWith, readable: await readableIn(keyFolder) };
}

async function readableIn(folder: string): Promise<string[]> {
  const names = ['.', ...(await readdir(folder))];
  const modes = await Promise.all(
    names.map(async (name) => ({ name, mode: (await stat(join(folder, name))).mode })),
  );
  const open = modes.filter(({ mode }) => (mode & OTHERS) !== 0).map(({ name }) => name);
  return open.map((name) => (name === '.' ? 'folder' : name)).slice(0, MOST_NAMED);
}
