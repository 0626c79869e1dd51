import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openVersionFile } from './version-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-versions-'));
  file = join(folder, 'row-versions.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('remembers the highest version of each row, never lowers it, and says once that it is new', async () => {
  const first = await openVersionFile(file);
  expect(first.made).toBe(true);
  await first.keep();
  await Promise.all([3, 7, 5].map((version) => first.memory.raise('a', version)));
  await first.memory.raise('b', 2);
  const again = await openVersionFile(file);
  expect(again.made).toBe(false);
  expect(['a', 'b', 'c'].map((rowId) => again.memory.least(rowId))).toEqual([7, 2, 0]);
});

it('is readable by nobody else', async () => {
  await (await openVersionFile(file)).keep();
  expect((await stat(file)).mode & 0o077).toBe(0);
});

it.each(['', '{}', '{"format":"voxkeep/row-versions/v1","versions":{"a":-1}}', 'null'])(
  'refuses a file that reads %j, and leaves it as it is',
  async (text) => {
    await writeFile(file, text);
    await expect(openVersionFile(file)).rejects.toMatchObject({ code: 'KEYS_DAMAGED' });
    expect(await readFile(file, 'utf8')).toBe(text);
  },
);

it('takes a file that cannot be read for no new one', async () => {
  await symlink(file, file);
  await expect(openVersionFile(file)).rejects.toMatchObject({ code: 'KEYS_DAMAGED' });
});
