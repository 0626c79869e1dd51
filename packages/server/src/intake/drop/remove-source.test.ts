import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeReceipt } from './receipts.ts';
import { recoverRemovals, removeSources } from './remove-source.ts';
import { lookAt, readSource, type SourceFile } from './source-file.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'voxkeep-drop-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, content: string): Promise<SourceFile> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), content);
  const folder = dirname(name) === '.' ? '' : dirname(name);
  const file = await lookAt(root, folder, name.slice(folder === '' ? 0 : folder.length + 1));
  if (file === undefined) throw new Error(`${name} was not written`);
  return file;
}

it('removes all files of a call, and no other', async () => {
  const files = [await put('f/a.wav', '1'), await put('f/a.json', '2')];
  await put('f/b.wav', '3');
  expect(await removeSources(root, files, 'r1')).toBe('removed');
  expect(await readdir(join(root, 'f'))).toEqual(['b.wav']);
  expect(await readdir(join(root, '.gone'))).toEqual([]);
});

it('removes none when the last of them changed', async () => {
  const files = [await put('a.wav', '1'), await put('a.json', '2')];
  await put('a.json', '22');
  expect(await removeSources(root, files, 'r1')).toBe('changed');
  expect(existsSync(join(root, 'a.wav'))).toBe(true);
});

it('removes nothing that changed in place, though its size and time are as they were', async () => {
  const when = new Date('2026-01-01T00:00:00Z');
  await put('a.wav', '12345');
  await utimes(join(root, 'a.wav'), when, when);
  const file = await lookAt(root, '', 'a.wav');
  await put('a.wav', '54321');
  await utimes(join(root, 'a.wav'), when, when);
  expect(await removeSources(root, file === undefined ? [] : [file], 'r1')).toBe('changed');
  expect(await readFile(join(root, 'a.wav'), 'utf8')).toBe('54321');
});

it('is not stopped by a file that is gone', async () => {
  const files = [await put('a.wav', '1'), await put('a.json', '2')];
  await rm(join(root, 'a.wav'));
  expect(await removeSources(root, files, 'r1')).toBe('removed');
  expect(existsSync(join(root, 'a.json'))).toBe(false);
});

it('a crash before the decision brings every file back', async () => {
  await put('f/a.json', 'sidecar');
  await put('.taken/r1/f/a.wav', 'sound');
  await recoverRemovals(root);
  expect((await readdir(join(root, 'f'))).sort()).toEqual(['a.json', 'a.wav']);
  expect(await readdir(join(root, '.taken'))).toEqual([]);
});

it('a crash after the decision removes every file', async () => {
  await put('.gone/r1/f/a.wav', 'sound');
  await recoverRemovals(root);
  expect(existsSync(join(root, '.gone/r1'))).toBe(false);
  expect(existsSync(join(root, 'f'))).toBe(false);
});

it('what comes back never takes the place of a newer file', async () => {
  await put('a.wav', 'newer');
  await put('.taken/r1/a.wav', 'older');
  await put('.taken/r1/a.json', 'sidecar');
  await recoverRemovals(root);
  expect(await readFile(join(root, 'a.wav'), 'utf8')).toBe('newer');
  expect(await readFile(join(root, 'again-r1/a.wav'), 'utf8')).toBe('older');
  expect(await readFile(join(root, 'again-r1/a.json'), 'utf8')).toBe('sidecar');
});

it('reads the very file that was looked at, or nothing', async () => {
  const file = await put('a.wav', 'sound');
  expect(await textOf(file)).toBe('sound');
  await put('new.wav', 'sound');
  await rename(join(root, 'new.wav'), join(root, 'a.wav'));
  await expect(textOf(file)).rejects.toMatchObject({ code: 'DROP_CHANGED' });
});

it('a file that grows while it is read is given up', async () => {
  const file = await put('a.wav', 'x'.repeat(600_000));
  const reading = (async () => {
    for await (const _ of readSource(root, file)) await writeFile(file.path, 'x', { flag: 'a' });
  })();
  await expect(reading).rejects.toMatchObject({ code: 'DROP_CHANGED' });
});

it('a folder that was swapped for a link leads nowhere', async () => {
  const file = await put('f/a.wav', 'sound');
  const outside = await mkdtemp(join(tmpdir(), 'voxkeep-outside-'));
  try {
    await rename(join(root, 'f'), join(outside, 'f'));
    await symlink(join(outside, 'f'), join(root, 'f'));
    // The same file by all its numbers; only its place tells.
    await expect(textOf(file)).rejects.toMatchObject({ code: 'DROP_NOT_A_FILE' });
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});

it('neither waits for a pipe nor reads a link', async () => {
  const file = await put('a.wav', 'sound');
  await rename(join(root, 'a.wav'), join(root, 'b.wav'));
  await symlink(join(root, 'b.wav'), join(root, 'a.wav'));
  expect(await lookAt(root, '', 'a.wav')).toBeUndefined();
  await expect(textOf(file)).rejects.toMatchObject({ code: 'DROP_NOT_A_FILE' });
  await rm(join(root, 'a.wav'));
  execFileSync('mkfifo', [join(root, 'a.wav')]);
  expect(await lookAt(root, '', 'a.wav')).toBeUndefined();
  await expect(textOf(file)).rejects.toMatchObject({ code: 'DROP_NOT_A_FILE' });
});

it('a receipt is whole or not there, and is written over by the same name', async () => {
  for (const at of ['1', '2']) await writeReceipt(root, 'done', 'r1', { at });
  expect(await readdir(join(root, 'done'))).toEqual(['r1.json']);
  const paper = JSON.parse(await readFile(join(root, 'done/r1.json'), 'utf8')) as object;
  expect(paper).toEqual({ format: 'voxkeep/drop-receipt/v1', at: '2' });
});

async function textOf(file: SourceFile): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of readSource(root, file)) parts.push(part);
  return Buffer.concat(parts).toString();
}
