import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { systemRandom as random } from '../core/random.ts';
import { assertKeysApart, createKeyFolder, openKeyFolder } from './index.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'voxkeep-keys-'));
  folder = join(parent, 'keys');
  await createKeyFolder({ folder, archiveId, random });
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const open = (at = '2026-11-25T00:00:00Z', more: { archiveId?: string; folder?: string } = {}) =>
  openKeyFolder({ folder, archiveId, clock: fixedClock(at), random, ...more });
const rejects = (work: Promise<unknown>, code: string) =>
  expect(work).rejects.toMatchObject({ code });

it('finds in a new year what was indexed in the last: the index keys stay until there are newer ones', async () => {
  const before = await open('2026-12-31T23:59:59Z');
  const after = await open('2027-01-01T00:00:01Z');
  expect([before.indexEpochs(), after.indexEpochs()]).toEqual([['2026'], ['2026']]);
  expect(after.currentEpoch('basic')).toBe('2027');
  await rejects(after.destroyEpoch('content', '2026'), 'KEYS_EPOCH_CURRENT');
  for (const name of ['phone-index', 'text-index', 'account-index'] as const) {
    const secret = before.indexSecret(name, '2026');
    expect(after.indexSecret(name, '2026')).toEqual(secret);
  }
});

it('makes index keys of a new epoch once, and with the old epoch its index keys are gone for good', async () => {
  const store = await open();
  const old = Buffer.from(store.indexSecret('text-index', '2026'));
  const epoch = await store.beginEpoch();
  await Promise.all([store.makeIndexKeys(epoch), store.makeIndexKeys(epoch)]);
  expect(store.indexEpochs()).toEqual(['2026', '2026.2']);
  const made = Buffer.from(store.indexSecret('text-index', epoch));
  expect(made).not.toEqual(old);
  await store.destroyEpoch('content', '2026');
  await store.destroyEpoch('content', '2026');
  for (const one of [store, await open()]) {
    expect(one.indexEpochs()).toEqual(['2026.2']);
    expect(one.indexSecret('text-index', epoch)).toEqual(made);
    expect(() => one.indexSecret('text-index', '2026')).toThrow('missing');
  }
  expect((await readdir(folder)).filter((name) => /-2026\.wrapped/.test(name))).toEqual([]);
});

it('an epoch of which one index key is gone already is ended as any other', async () => {
  const store = await open();
  await store.makeIndexKeys(await store.beginEpoch());
  await rm(join(folder, 'index-phone-index-2026.wrapped'));
  const again = await open();
  expect(again.indexEpochs()).toEqual(['2026.2']);
  await again.destroyEpoch('content', '2026');
  expect((await readdir(folder)).filter((name) => /-2026\.wrapped/.test(name))).toEqual([]);
});

it('a lost index key of the only epoch is told, and none is made in its place', async () => {
  await (await open()).wrap({ pool: 'core', epoch: '2026' }, random.bytes(72));
  await rm(join(folder, 'index-phone-index-2026.wrapped'));
  await rejects(open(), 'KEYS_DAMAGED');
  expect(await readdir(folder)).not.toContain('index-phone-index-2026.wrapped');
});

it('index keys of which making was broken off are made to the end', async () => {
  await open();
  await rm(join(folder, 'index-phone-index-2026.wrapped'));
  expect((await open()).indexEpochs()).toEqual(['2026']);
});

it('opens in every later epoch what an earlier one wrapped, and nothing once it is destroyed', async () => {
  const kek = { pool: 'core', epoch: '2026' } as const;
  const secret = random.bytes(72);
  const store = await open();
  const wrapped = await store.wrap(kek, secret);
  const later = await open('2028-06-01T00:00:00Z');
  expect(await later.unwrap(kek, wrapped)).toEqual(secret);
  await later.makeIndexKeys('2028');
  await later.destroyEpoch('content', '2026');
  await rejects(later.unwrap(kek, wrapped), 'KEYS_EPOCH_MISSING');
  await rejects((await open()).unwrap(kek, wrapped), 'KEYS_EPOCH_MISSING');
});

it('begins epochs within a year, also for whoever opens the folder later, and never goes back', async () => {
  const store = await open();
  expect(await store.beginEpoch()).toBe('2026.2');
  expect(await store.beginEpoch()).toBe('2026.3');
  expect(store.currentEpoch('core')).toBe('2026.3');
  expect(store.currentEpoch('quarantine')).toBe('2026-11-25');
  const later = await open('2026-12-01T00:00:00Z');
  expect(later.currentEpoch('basic')).toBe('2026.3');
  expect((await open('2027-01-01T00:00:00Z')).currentEpoch('basic')).toBe('2027');
  // The clock was put back: what may have been destroyed meanwhile is not made again.
  expect((await open('2025-01-01T00:00:00Z')).currentEpoch('basic')).toBe('2026.3');
  const held = (await later.epochs()).map(({ pool, epoch }) => `${pool} ${epoch}`).sort();
  expect(held).toEqual(
    ['basic', 'core', 'sensitive'].flatMap((pool) => [`${pool} 2026.2`, `${pool} 2026.3`]),
  );
});

it('never destroys the current epoch', async () => {
  const store = await open();
  await rejects(store.destroyEpoch('content', '2026'), 'KEYS_EPOCH_CURRENT');
  await rejects(store.destroyEpoch('quarantine', '2026-11-25'), 'KEYS_EPOCH_CURRENT');
});

it('refuses a folder that others may read, of another archive, damaged, or not there', async () => {
  await rejects(open(undefined, { folder: join(parent, 'none') }), 'KEYS_MISSING');
  await rejects(open(undefined, { archiveId: `${archiveId.slice(0, -1)}2` }), 'KEYS_WRONG_ARCHIVE');
  await chmod(join(folder, 'master.key'), 0o640);
  await rejects(open(), 'KEYS_UNSAFE_MODE');
  await chmod(join(folder, 'master.key'), 0o600);
  await writeFile(join(folder, 'secret-session.wrapped'), random.bytes(40));
  await rejects(open(), 'KEYS_DAMAGED');
  await writeFile(join(folder, 'master.key'), 'short');
  await rejects(open(), 'KEYS_DAMAGED');
});

it('wraps nothing under a key that is not kept: a key file that does not read is not a missing one', async () => {
  const store = await open();
  await symlink('kek-core-2026.wrapped', join(folder, 'kek-core-2026.wrapped'));
  const wrapped = store.wrap({ pool: 'core', epoch: '2026' }, random.bytes(32));
  await expect(wrapped).rejects.toMatchObject({ code: 'KEYS_UNAVAILABLE', retry: 'later' });
});

it('calls no key destroyed that it cannot reach, and begins no epoch on a disk that fails', async () => {
  const store = await open('2028-06-01T00:00:00Z');
  const unavailable = { code: 'KEYS_UNAVAILABLE', retry: 'later' };
  await symlink('kek-core-2026.wrapped', join(folder, 'kek-core-2026.wrapped'));
  await expect(store.destroyEpoch('content', '2026')).rejects.toMatchObject(unavailable);
  await symlink('kek-core-2028.2.wrapped', join(folder, 'kek-core-2028.2.wrapped'));
  await expect(store.beginEpoch()).rejects.toMatchObject(unavailable);
  expect(store.currentEpoch('core')).toBe('2028');
});

it('removes the drafts of a process that was ended, and leaves those of one that runs', async () => {
  const ended = spawnSync('true').pid;
  for (const pid of [ended, process.pid, process.ppid]) {
    await writeFile(join(folder, `kek-core-2026.wrapped.${pid}.new`), 'x', { mode: 0o600 });
  }
  await open();
  const drafts = (await readdir(folder)).filter((name) => name.endsWith('.new'));
  expect(drafts).toEqual([`kek-core-2026.wrapped.${process.ppid}.new`]);
});

it('never makes keys over keys, and wants keys and data apart', async () => {
  await rejects(createKeyFolder({ folder, archiveId, random }), 'KEYS_EXIST');
  await rejects(assertKeysApart(folder, [parent]), 'KEYS_INSIDE_DATA');
  await rejects(assertKeysApart(folder, [join(folder, 'data')]), 'KEYS_INSIDE_DATA');
  await assertKeysApart(folder, [join(parent, 'keys2')]);
});
