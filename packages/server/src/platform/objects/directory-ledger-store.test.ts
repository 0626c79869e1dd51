import { existsSync, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import type { LedgerStore } from '../../ledger/ports.ts';
import { directoryLedgerStore } from './directory-ledger-store.ts';
import { flushFolder, SharedFlush } from './folder-flush.ts';

/** A disk whose next so many flushes fail. */
const disk = { fails: 0, folders: [] as string[] };

async function flush(folder: string): Promise<void> {
  disk.folders.push(folder);
  if (disk.fails === 0) return flushFolder(folder);
  disk.fails -= 1;
  throw Object.assign(new Error('a disk that fails'), { code: 'EIO' });
}

let siteFolder: string;
let store: LedgerStore;

beforeEach(() => {
  siteFolder = mkdtempSync(join(tmpdir(), 'voxkeep-site-'));
  store = directoryLedgerStore({ name: 'hq', siteFolder }, new SharedFlush(flush));
});
afterEach(() => {
  rmSync(siteFolder, { recursive: true, force: true });
});

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

test('gives back what was put, the newest where it was put again, and nothing for what was not', async () => {
  await store.put('checkpoint', Buffer.from('one'));
  await store.put('checkpoint', Buffer.from('two'));
  await store.put('tile/0/x001/234.p/7', Buffer.from('seven'));
  expect((await store.get('checkpoint'))?.toString()).toBe('two');
  expect((await store.get('tile/0/x001/234.p/7'))?.toString()).toBe('seven');
  expect(await store.get('tile/0/x001/234')).toBeUndefined();
  expect(await store.get('tile/0/x001/234.p/7/8')).toBeUndefined();
});

test('leaves no draft behind, also when a put fails', async () => {
  await store.put('checkpoint', Buffer.from('one'));
  await store.put('tile/0/000.p/1', Buffer.from('one'));
  // A folder stands where the file is to go.
  const error = await caught(store.put('tile/0/000.p', Buffer.from('x')));
  expect(hasCode(error, 'LEDGER_UNAVAILABLE')).toBe(true);
  expect(readdirSync(join(siteFolder, 'ledger/.drafts'))).toEqual([]);
});

test('a draft lies in the folder that a start empties, and nowhere else', async () => {
  await store.put('tile/0/000.p/1', Buffer.from('one'));
  const seen = new Set<string>();
  const watchers = ['.drafts', 'tile/0/000.p'].map((folder) =>
    watch(join(siteFolder, 'ledger', folder), (_, name) => seen.add(`${folder}/${name}`)),
  );
  await store.put('tile/0/000.p/2', Buffer.from('two'));
  await vi.waitFor(() => expect(seen).toContain('tile/0/000.p/2'));
  for (const one of watchers) one.close();
  const drafts = [...seen].filter((name) => name.startsWith('.drafts/'));
  expect(drafts).toHaveLength(1);
  expect([...seen].filter((name) => !drafts.includes(name))).toEqual(['tile/0/000.p/2']);
});

test('is unavailable, and makes nothing, while the site is not mounted', async () => {
  rmSync(siteFolder, { recursive: true });
  for (const act of [store.put('checkpoint', Buffer.from('x')), store.get('checkpoint')]) {
    const error = await caught(act);
    expect(hasCode(error, 'LEDGER_UNAVAILABLE') && error.retry).toBe('later');
  }
  expect(existsSync(siteFolder)).toBe(false);
});

test('goes on when its folders were removed under it', async () => {
  await store.put('tile/0/000.p/1', Buffer.from('one'));
  rmSync(join(siteFolder, 'ledger'), { recursive: true });
  await store.put('tile/0/000.p/2', Buffer.from('two'));
  expect((await store.get('tile/0/000.p/2'))?.toString()).toBe('two');
});

test('does not leave its folder', async () => {
  writeFileSync(join(siteFolder, 'secret'), 'x');
  for (const path of ['../secret', '/etc/hosts', 'tile/../../secret', '.hidden', 'a//b', '']) {
    expect(await caught(store.get(path))).toBeInstanceOf(TypeError);
    expect(await caught(store.put(path, Buffer.from('x')))).toBeInstanceOf(TypeError);
  }
});

test('a checkpoint whose name could still be lost is not read before it is durable', async () => {
  await store.put('checkpoint', Buffer.from('one'));
  disk.fails = 1;
  expect(await caught(store.put('checkpoint', Buffer.from('two')))).toMatchObject({
    code: 'LEDGER_UNAVAILABLE',
  });
  disk.fails = 1;
  expect(await caught(store.get('checkpoint'))).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  disk.folders.length = 0;
  expect((await store.get('checkpoint'))?.toString()).toBe('two');
  expect(disk.folders).toEqual([join(siteFolder, 'ledger')]);
});
