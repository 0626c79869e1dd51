import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { openArchiveFolder } from './archive-folder.ts';
import type { Config } from './config.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'voxkeep-folder-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const open = async () => {
  const folder = await openArchiveFolder({ data } as Config, systemClock);
  await folder.unlock();
  return folder;
};

it('is the same archive at every start, and new until it is made', async () => {
  const first = await open();
  expect([first.created, first.firstStart]).toEqual([true, true]);
  await first.made();
  const second = await open();
  expect([second.created, second.firstStart]).toEqual([false, true]);
  await second.finishFirstStart();
  const third = await open();
  expect([third.created, third.firstStart]).toEqual([false, false]);
  expect(third.archiveId).toBe(first.archiveId);
});

it('makes no new archive in the place of one that cannot be read', async () => {
  const file = join(data, 'archive.json');
  await symlink(file, file);
  await expect(open()).rejects.toMatchObject({ code: 'ELOOP' });
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ELOOP' });
});
