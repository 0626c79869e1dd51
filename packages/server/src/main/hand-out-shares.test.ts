import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock as clock } from '../core/clock.ts';
import { systemRandom as random } from '../core/random.ts';
import { createEscrowSet, readShare, type Share, writeShare } from '../keys/index.ts';
import { showShares, type Terminal, typeShare, writeShares } from './hand-out-shares.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
let folder: string;
let shares: Share[];
let places: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-shares-'));
  const scheme = { threshold: 2, shares: 3, earlier: [] };
  shares = createEscrowSet({ archiveId, ...scheme, clock, random }).shares;
  places = ['a', 'b', 'c'].map((name) => join(folder, name));
  for (const place of places) await mkdir(place);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const refused = (given: string[], kept: string[] = []) =>
  expect(writeShares(shares, given, kept)).rejects.toMatchObject({ code: 'SHARES_TOGETHER' });

it('writes one share to each place, for its owner’s eyes, and it reads back', async () => {
  const files = await writeShares(shares, places, []);
  expect(files.map((file) => file.slice(0, folder.length + 2))).toEqual(places);
  for (const [at, file] of files.entries()) {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(readShare(await readFile(file, 'utf8'))).toEqual(shares[at]);
  }
});

it('refuses fewer places, one place twice by whatever name, none, a file, or one beside keys or data', async () => {
  const [a = '', b = ''] = places;
  await refused([a, b]);
  await refused([a]);
  await refused([]);
  await symlink(a, join(folder, 'link'));
  await refused([a, b, join(folder, 'link')]);
  await refused([a, b, join(folder, 'nowhere')]);
  await writeFile(join(folder, 'file'), '');
  await refused([a, b, join(folder, 'file')]);
  const beside = writeShares(shares, places, [folder]);
  await expect(beside).rejects.toMatchObject({ code: 'KEYS_INSIDE_DATA' });
  for (const place of places) expect(await readdir(place)).toEqual([]);
});

it('leaves no share anywhere when one cannot be written', async () => {
  const name = `voxkeep-share-${shares[0]?.setId}-3.txt`;
  await writeFile(join(places[2] ?? '', name), 'older');
  await expect(writeShares(shares, places, [])).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await Promise.all(places.map((place) => readdir(place)))).toEqual([[], [], [name]]);
});

/** A screen of which everything that is visible is kept, and a person who answers from paper. */
function screen(answer: (question: string, visible: string) => string) {
  let visible = '';
  const seen: string[] = [];
  const terminal: Terminal = {
    write: (text) => {
      visible += text;
    },
    ask: async (question) => {
      seen.push(visible);
      return answer(question, visible);
    },
    clear: () => {
      visible = '';
    },
  };
  return { terminal, seen, visible: () => visible };
}

it('shows one share at a time, to be typed back from paper with the screen empty', async () => {
  let paper = '';
  let slips = 0;
  const { terminal, seen, visible } = screen((question, shown) => {
    if (shown.includes('voxkeep-share-1')) paper = shown;
    const [, line] = /line (\d): $/.exec(question) ?? [];
    if (line === undefined) return '';
    expect(shown).toBe('');
    if (line === '2' && slips === 0) {
      slips += 1;
      return 'AAAA AAAA';
    }
    return new RegExp(`^${line} +(.*)$`, 'm').exec(paper)?.[1]?.toLowerCase() ?? '';
  });
  await showShares(shares, terminal);
  const values = shares.map((share) => writeShare(share).split('\n')[4] ?? '');
  for (const text of seen) {
    expect(values.filter((value) => text.includes(value)).length).toBeLessThanOrEqual(1);
  }
  // The slip had the first one shown again.
  expect(seen.filter((text) => text.includes(values[0] ?? '!'))).toHaveLength(2);
  expect(visible()).toBe('');
});

it('a ceremony that is broken off leaves an empty screen', async () => {
  const { terminal, visible } = screen((_, shown) => {
    if (shown !== '') throw new Error('Ctrl-C');
    return '';
  });
  await expect(showShares(shares, terminal)).rejects.toThrow('Ctrl-C');
  expect(visible()).toBe('');
});

it('takes a share that is typed line by line, up to its end', async () => {
  const lines = writeShare(shares[1] as Share)
    .trimEnd()
    .split('\n');
  const { terminal } = screen(() => lines.shift() ?? '');
  expect(readShare(await typeShare(terminal))).toEqual(shares[1]);
});
