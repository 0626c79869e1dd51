import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fixedClock } from '../../core/clock.ts';
import { systemRandom as random } from '../../core/random.ts';
import { createKeyFolder, openKeyFolder } from '../index.ts';
import {
  bundleFile,
  confirmShare,
  createEscrowSet,
  escrowSets,
  escrowStamp,
  keepEscrowSet,
  readShare,
  renewBundle,
  restoreKeyFolder,
  type Share,
  writeShare,
} from './index.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
const clock = fixedClock('2026-11-25T00:00:00Z');
let parent: string;
let folder: string;
let shares: Share[];

const openAt = (at: string) => openKeyFolder({ folder: at, archiveId, clock, random });
const texts = (...indexes: number[]) =>
  indexes.map((index) => writeShare(shares[index - 1] as Share));
const bundle = async () => readFile(bundleFile(folder, shares[0]?.setId ?? ''));
const restored = async (given: string[], more: { bundle?: Buffer; to?: string } = {}) =>
  restoreKeyFolder({
    ...{ shares: given, bundle: more.bundle ?? (await bundle()) },
    folder: join(parent, more.to ?? 'again'),
  });
const rejects = (work: Promise<unknown>, code: string, field?: string) =>
  expect(work).rejects.toMatchObject({ code, ...(field === undefined ? {} : { field }) });

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'voxkeep-escrow-'));
  folder = join(parent, 'keys');
  clock.set('2026-11-25T00:00:00Z');
  await createKeyFolder({ folder, archiveId, random });
  const store = await openAt(folder);
  for (const pool of ['basic', 'core', 'sensitive', 'quarantine'] as const) {
    await store.wrap({ pool, epoch: store.currentEpoch(pool) }, random.bytes(32));
  }
  await store.documents.write('warrants', Buffer.from('{"passkeys":[]}'));
  await writeFile(join(folder, 'row-versions.json'), '{"format":"x"}\n', { mode: 0o600 });
  await mkdir(join(folder, 'tls'), { mode: 0o700 });
  await writeFile(join(folder, 'tls/server.key'), 'KEY', { mode: 0o600 });
  const made = createEscrowSet({ archiveId, threshold: 3, shares: 5, clock, random, earlier: [] });
  shares = made.shares;
  await keepEscrowSet(folder, made.set);
  await renewBundle({ folder, archiveId, clock, random });
});
afterEach(() => rm(parent, { recursive: true, force: true }));

it('any three shares and the bundle make, on an empty machine, a folder that opens all that the first one did', async () => {
  const first = await openAt(folder);
  const secret = random.bytes(72);
  const kek = { pool: 'sensitive', epoch: '2026' } as const;
  const wrapped = await first.wrap(kek, secret);
  for (const [at, trio] of [
    [1, 2, 3],
    [5, 3, 1],
    [2, 4, 5],
    [1, 2, 3, 4, 5],
  ].entries()) {
    const to = `machine ${at}/keys`;
    const about = await restored(texts(...trio), { to });
    expect(about).toMatchObject({ archiveId, sealedAt: clock.now(), setId: shares[0]?.setId });
    const again = await openAt(join(parent, to));
    expect(await again.unwrap(kek, wrapped)).toEqual(secret);
    expect(again.secret('ledger-signing')).toEqual(first.secret('ledger-signing'));
    expect(again.indexSecret('text-index', '2026')).toEqual(
      first.indexSecret('text-index', '2026'),
    );
    expect((await again.documents.read('warrants'))?.toString()).toBe('{"passkeys":[]}');
  }
});

it('restores files that nobody else can read, and every file but those of the quarantine and the web server', async () => {
  await restored(texts(1, 2, 3));
  const names = (await readdir(folder)).filter(
    (name) => !/^kek-quarantine|^tls$|\.bundle$/.test(name),
  );
  const again = join(parent, 'again');
  expect((await readdir(again)).sort()).toEqual(names.sort());
  expect(names).toContain('kek-core-2026.wrapped');
  expect((await stat(again)).mode & 0o777).toBe(0o700);
  for (const name of names) {
    expect((await stat(join(again, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(again, name))).toEqual(await readFile(join(folder, name)));
  }
});

it('names the share that is wrong: mistyped, repeated, of another set, forged, or too few', async () => {
  const [one = '', two = '', three = ''] = texts(1, 2, 3);
  const mistyped = two.replace(
    /^2 {7}(.)/m,
    (line) => line.slice(0, -1) + (line.endsWith('7') ? '8' : '7'),
  );
  await rejects(restored([one, mistyped, three]), 'SHARE_MISTYPED', 'shares/1');
  await rejects(restored([one, two, two]), 'SHARES_REPEATED', 'shares/2');
  await rejects(restored([one, two]), 'SHARES_TOO_FEW');
  await rejects(restored([]), 'SHARES_TOO_FEW');
  await rejects(restored([one, two, 'voxkeep-share-1\n']), 'SHARE_UNREADABLE', 'shares/2');
  const scheme = { threshold: 3, shares: 5 };
  const other = createEscrowSet({ archiveId, ...scheme, clock, random, earlier: [] });
  const foreign = other.shares.map(writeShare);
  await rejects(restored([one, two, foreign[2] ?? '']), 'SHARES_DIFFER', 'shares/2');
  await rejects(restored(foreign), 'SHARES_OTHER_BUNDLE', 'shares/0');
  const forged = writeShare({ ...(shares[2] as Share), value: random.bytes(32) });
  await rejects(restored([one, two, forged]), 'SHARE_WRONG', 'shares/2');
  const generous = texts(1, 2).map((_, at) =>
    writeShare({ ...(shares[at] as Share), threshold: 2 }),
  );
  await rejects(restored(generous), 'SHARE_WRONG', 'shares/0');
  expect(await readdir(parent)).toEqual(['keys']);
});

it('never writes over a folder with something in it, and leaves nothing when it cannot finish', async () => {
  await mkdir(join(parent, 'full'));
  await writeFile(join(parent, 'full/note'), 'mine');
  await rejects(restored(texts(1, 2, 3), { to: 'full' }), 'KEYS_EXIST');
  expect(await readdir(join(parent, 'full'))).toEqual(['note']);
  await mkdir(join(parent, 'empty'));
  await restored(texts(1, 2, 3), { to: 'empty' });
  await openAt(join(parent, 'empty'));
  // What a restore that was killed left behind is in nobody's way.
  await mkdir(join(parent, 'again.restoring'));
  await writeFile(join(parent, 'again.restoring/master.key'), 'half');
  await restored(texts(1, 2, 3));
  await openAt(join(parent, 'again'));
  expect((await readdir(parent)).sort()).toEqual(['again', 'empty', 'full', 'keys']);
});

it('refuses a bundle with any bit bent, cut anywhere, or of another format', async () => {
  const whole = await bundle();
  const given = texts(1, 2, 3);
  for (let byte = 0; byte < whole.length; byte += 7) {
    const bent = Buffer.from(whole);
    bent[byte] = (bent[byte] ?? 0) ^ (1 << (byte % 8));
    await expect(restored(given, { bundle: bent })).rejects.toMatchObject({
      code: expect.stringMatching(
        /^(BUNDLE_DAMAGED|SHARES_OTHER_BUNDLE|SHARE_WRONG|SHARES_TOO_FEW)$/,
      ),
    });
  }
  await rejects(restored(given, { bundle: whole.subarray(0, -1) }), 'BUNDLE_DAMAGED', 'bundle');
  await rejects(restored(given, { bundle: Buffer.from('{"format":"x"}\n') }), 'BUNDLE_DAMAGED');
  await rejects(restored(given, { bundle: Buffer.alloc(0) }), 'BUNDLE_DAMAGED');
  expect(await readdir(parent)).toEqual(['keys']);
});

it('a renewed bundle holds what has come since, and opens with the same shares', async () => {
  const before = await escrowStamp(folder);
  clock.set('2027-01-02T00:00:00Z');
  const store = await openAt(folder);
  const secret = random.bytes(32);
  const wrapped = await store.wrap({ pool: 'basic', epoch: '2027' }, secret);
  expect(await escrowStamp(folder)).not.toBe(before);
  const same = await escrowStamp(folder);
  const old = await bundle();
  await renewBundle({ folder, archiveId, clock, random });
  expect(await escrowStamp(folder)).toBe(same);
  await restored(texts(2, 3, 4));
  const again = await openAt(join(parent, 'again'));
  expect(await again.unwrap({ pool: 'basic', epoch: '2027' }, wrapped)).toEqual(secret);
  await restored(texts(2, 3, 4), { bundle: old, to: 'older' });
  const older = await openAt(join(parent, 'older'));
  await rejects(older.unwrap({ pool: 'basic', epoch: '2027' }, wrapped), 'KEYS_EPOCH_MISSING');
});

it('keeps no share and no private key in the key folder or the bundle', async () => {
  const all = await Promise.all(
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name))),
  );
  const bytes = Buffer.concat(all);
  for (const { value } of shares) {
    expect(bytes.includes(value)).toBe(false);
    expect(bytes.includes(value.toString('base64'))).toBe(false);
  }
});

it('an officer confirms a share: the right one is noted with its time, another one is refused', async () => {
  clock.set('2026-12-01T09:00:00Z');
  const share = readShare(texts(4)[0] ?? '');
  await confirmShare(folder, share, clock);
  const [set] = await escrowSets(folder);
  const confirmed = [null, null, null, '2026-12-01T09:00:00.000Z', null];
  expect(set?.confirmedAt).toEqual(confirmed);
  await rejects(confirmShare(folder, { ...share, value: Buffer.alloc(32) }, clock), 'SHARE_WRONG');
  await rejects(confirmShare(folder, { ...share, setId: '0'.repeat(16) }, clock), 'SHARES_DIFFER');
  expect((await escrowSets(folder))[0]?.confirmedAt).toEqual(confirmed);
  await chmod(join(folder, `escrow-${share.setId}.json`), 0o600);
  await writeFile(join(folder, `escrow-${share.setId}.json`), '{');
  await rejects(escrowSets(folder), 'ESCROW_DAMAGED');
});

it('of several sets the newest counts: shares of the older open only the older bundle', async () => {
  const old = await bundle();
  const given = texts(1, 2, 3);
  // The clock was put back meanwhile.
  clock.set('2026-11-24T00:00:00Z');
  const earlier = await escrowSets(folder);
  const next = createEscrowSet({ archiveId, threshold: 2, shares: 3, clock, random, earlier });
  await keepEscrowSet(folder, next.set);
  const renewed = await renewBundle({ folder, archiveId, clock, random });
  expect(renewed?.setId).toBe(next.set.setId);
  expect((await escrowSets(folder)).map(({ threshold }) => threshold)).toEqual([2, 3]);
  await rejects(restored(given, { bundle: renewed?.bytes as Buffer }), 'SHARES_OTHER_BUNDLE');
  await restored(next.shares.slice(1).map(writeShare), { bundle: renewed?.bytes as Buffer });
  await restored(given, { bundle: old, to: 'old' });
});

it('refuses a scheme of one share, of more than sixteen, or of more than there are', () => {
  for (const [threshold, count] of [
    [1, 5],
    [6, 5],
    [3, 17],
    [Number.NaN, 5],
  ] as const) {
    expect(() =>
      createEscrowSet({ archiveId, threshold, shares: count, clock, random, earlier: [] }),
    ).toThrowError(expect.objectContaining({ code: 'ESCROW_SCHEME' }));
  }
});
