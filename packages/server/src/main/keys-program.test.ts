import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock as clock } from '../core/clock.ts';
import { systemRandom as random } from '../core/random.ts';
import { createKeyFolder, escrowSets, openKeyFolder } from '../keys/index.ts';

const PROGRAM = resolve(import.meta.dirname, 'keys.ts');
const archiveId = '0198a1b2-0000-7000-8000-000000000001';
let parent: string;
let keys: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'voxkeep-ceremony-'));
  keys = join(parent, 'keys');
  await createKeyFolder({ folder: keys, archiveId, random });
  for (const name of ['a', 'b', 'c']) await mkdir(join(parent, name));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** As from a shell without a terminal. */
function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [PROGRAM, ...args],
      { cwd: parent, env: { PATH: process.env['PATH'], HOME: parent } },
      (error, out, err) => done({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.end();
  });
}
const OUT = ['--shares', '3', '--threshold', '2', '--out', 'a', '--out', 'b', '--out', 'c'];
const share = async (name: string) => join(name, (await readdir(join(parent, name)))[0] ?? '');

it('shares, confirms, and restores from two shares and the bundle, file by file the same', async () => {
  const made = await run('escrow', '--keys', keys, ...OUT);
  expect(made).toMatchObject({ code: 0 });
  expect(made.err).toContain('on one disk');
  const [set] = await escrowSets(keys);
  expect(made.out).toContain(`set ${set?.setId}: 2 / 3`);
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(share));
  expect(await run('confirm', c ?? '', '--keys', keys)).toMatchObject({ code: 0 });
  expect((await escrowSets(keys))[0]?.confirmedAt[2]).not.toBeNull();
  const bundle = join(keys, `escrow-${set?.setId}.bundle`);
  const given = ['restore', '--shares', a ?? '', b ?? '', '--bundle', bundle, '--to', 'again'];
  expect((await run(...given)).out).toContain(`archive ${archiveId}`);
  await openKeyFolder({ folder: join(parent, 'again'), archiveId, clock, random });
  const master = (folder: string) => readFile(join(folder, 'master.key'));
  expect(await master(join(parent, 'again'))).toEqual(await master(keys));
  expect(await run(...given)).toMatchObject({
    code: 5,
    err: expect.stringContaining('KEYS_EXIST'),
  });
  // A slip of the typist: the file and the line are named.
  const text = await readFile(join(parent, b ?? ''), 'utf8');
  await writeFile(
    join(parent, b ?? ''),
    text.replace(/^3 {7}(.)/m, (line) => `${line.slice(0, -1)}${line.endsWith('0') ? '1' : '0'}`),
  );
  const slipped = await run(...given.slice(0, -1), 'other');
  expect(slipped).toMatchObject({ code: 5 });
  expect(slipped.err).toContain(`SHARE_MISTYPED: ${b}: line 3 `);
  expect(await readdir(parent)).not.toContain('other');
});

it('makes no set when the shares could not be handed out', async () => {
  const refused = async (args: string[], code: string) => {
    const ended = await run('escrow', '--keys', keys, ...args);
    expect([ended.code, ended.err]).toEqual([5, expect.stringContaining(code)]);
  };
  await refused([], 'SHARES_TOGETHER');
  await refused(['--shares', '3', '--threshold', '2', '--out', 'a'], 'SHARES_TOGETHER');
  await refused(['--threshold', '1'], 'ESCROW_SCHEME');
  await refused(['--shares', 'many'], 'ESCROW_SCHEME');
  expect(await escrowSets(keys)).toEqual([]);
  expect(await readdir(join(parent, 'a'))).toEqual([]);
});

it('says what it wants: a command, its options, a key folder', async () => {
  expect(await run()).toMatchObject({ code: 2, out: expect.stringContaining('keys escrow') });
  expect(await run('restore')).toMatchObject({ code: 2, err: expect.stringContaining('--bundle') });
  expect(await run('escrow', '--nonsense')).toMatchObject({ code: 2 });
  const nowhere = await run('escrow', ...OUT);
  expect(nowhere).toMatchObject({ code: 5, err: expect.stringContaining('KEYS_MISSING') });
  const unread = await run('confirm', 'none.txt', '--keys', keys);
  expect(unread).toMatchObject({ code: 5, err: expect.stringContaining('FILE_UNREADABLE') });
});
