import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { walkDrop } from './walk-drop.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'voxkeep-drop-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function putCall(stem: string, minute: number): Promise<void> {
  await mkdir(dirname(join(root, stem)), { recursive: true });
  const at = new Date(Date.UTC(2026, 0, 1, 0, minute));
  for (const name of [`${stem}.wav`, `${stem}.json`]) {
    await writeFile(join(root, name), 'x');
    await utimes(join(root, name), at, at);
  }
}

it('lets folders take turns, the oldest call first, so that a full one holds up nobody', async () => {
  await putCall('busy/a', 3);
  await putCall('busy/b', 1);
  await putCall('busy/c', 2);
  await putCall('quiet/d', 9);
  const { calls } = await walkDrop(root);
  expect(calls.map(({ key }) => key)).toEqual(['busy/b', 'quiet/d', 'busy/c', 'busy/a']);
});

it('changes its mind about a call when a file of it comes, goes or changes', async () => {
  await putCall('a', 1);
  const fingerprint = async () => (await walkDrop(root)).calls[0]?.fingerprint;
  const seen = [await fingerprint()];
  await writeFile(join(root, 'a.1.png'), 'x');
  seen.push(await fingerprint());
  await writeFile(join(root, 'a.1.png'), 'y');
  seen.push(await fingerprint());
  await rm(join(root, 'a.1.png'));
  expect(await fingerprint()).toBe(seen[0]);
  expect(new Set(seen).size).toBe(3);
});

it('fails when the folder itself cannot be read', async () => {
  await expect(walkDrop(join(root, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
});
