import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { signCheckpoint } from '../log/checkpoint.ts';
import { cosigner, withSignatures } from '../log/cosignature.ts';
import { encodeBundle } from '../log/entry-bundle.ts';
import { GrowingTree } from '../log/growing-tree.ts';
import { noteSigner } from '../log/signed-note.ts';
import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from '../log/tile-path.ts';
import { hashLeaf } from '../log/tree-hash.ts';
import type { SiteFiles } from './site-files.ts';
import { type VerifySiteOptions, verifySite } from './verify-site.ts';

const log = noteSigner('voxkeep.test/log', Buffer.alloc(32, 1));
const witness = cosigner('witness.test/one', Buffer.alloc(32, 2));
const AT = new Date('2026-11-27T00:00:00Z');
const entryOf = (seq: number, more = '') =>
  Buffer.from(`{"seq":${seq},"time":"2026-11-27T00:00:00.000Z","v":1,"x":"${more}"}`);
const entriesOf = (count: number, fork = Number.POSITIVE_INFINITY) =>
  Array.from({ length: count }, (_, seq) => entryOf(seq, seq >= fork ? 'forked' : ''));

type Files = Map<string, Buffer>;
const filesOf = (files: Files): SiteFiles => ({
  read: async (path) => files.get(path),
  list: async () => [...files.keys()],
});

/** A site that published each of the sizes, the last one countersigned. */
function site(entries: Buffer[], sizes: number[]): Files {
  const files: Files = new Map();
  const tree = new GrowingTree();
  for (const size of sizes) {
    for (const tile of tree.append(entries.slice(tree.size, size).map(hashLeaf))) {
      const width = tile.hashes.length / 32;
      files.set(tilePath(tile.level, tile.index, width), tile.hashes);
    }
    for (let index = 0; index * TILE_WIDTH < size; index += 1) {
      const width = tileWidth(0, index, size);
      const first = index * TILE_WIDTH;
      files.set(entriesPath(index, width), encodeBundle(entries.slice(first, first + width)));
    }
  }
  const note = signCheckpoint(log, tree.size, tree.root());
  const line = witness.cosign(note.slice(0, note.indexOf('\n\n') + 1), AT);
  files.set('checkpoint', Buffer.from(withSignatures(note, [line])));
  files.set('witnessed', files.get('checkpoint') ?? Buffer.alloc(0));
  return files;
}

const SIZES = [3, 100, 256, 300, 520];
let whole: Files;
beforeAll(() => {
  whole = site(entriesOf(520), SIZES);
});
const look = (files: Files, more: Partial<VerifySiteOptions> = {}) =>
  verifySite(filesOf(files), {
    ...{ vkey: log.vkey, witnesses: [witness.vkey], quorum: 1 },
    ...more,
  });
const elsewhere = (files: Files) => ({
  ...{ name: 'other', note: files.get('checkpoint') ?? Buffer.alloc(0), files: filesOf(files) },
});

describe('a site that nobody touched', () => {
  test.each([[[1]], [[255, 256]], [[256]], [[257]], [[1, 2, 3, 700]], [SIZES]])(
    'raises no alarm at sizes %j',
    async (sizes) => {
      const files = site(entriesOf(sizes.at(-1) ?? 0), sizes);
      const report = await look(files, { against: [elsewhere(files)] });
      expect(report).toMatchObject({ ok: true, problems: [], notices: [] });
      expect(report.witnessedSize).toBe(sizes.at(-1));
    },
  );

  test('is no fork of a smaller or a larger one; the smaller one is behind', async () => {
    const early = site(entriesOf(520), SIZES.slice(0, 4));
    expect((await look(whole, { against: [elsewhere(early)] })).ok).toBe(true);
    const { problems } = await look(early, { against: [elsewhere(whole)] });
    expect(problems.map(({ kind }) => kind)).toEqual(['BEHIND']);
  });
});

test('any flipped bit of any file is found out in that very file', async () => {
  const names = [...whole.keys()];
  await fc.assert(
    fc.asyncProperty(fc.nat(names.length - 1), fc.nat(), fc.nat(7), async (pick, place, bit) => {
      const name = names[pick] ?? '';
      const bytes = Buffer.from(whole.get(name) ?? '');
      const at = place % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      const report = await look(new Map(whole).set(name, bytes));
      const found = [...report.problems, ...report.notices];
      expect([name, at, bit, found.some(({ file }) => file === name)]).toEqual([
        ...[name, at, bit, true],
      ]);
    }),
    { numRuns: 300 },
  );
});

test('any file that is gone is named', async () => {
  for (const name of whole.keys()) {
    if (name === 'witnessed') continue;
    const files = new Map(whole);
    files.delete(name);
    const { ok, problems } = await look(files);
    expect([name, ok, problems.some(({ file }) => file === name)]).toEqual([name, false, true]);
  }
});

test('a fork is told with its first entry, by another site and by what was countersigned', async () => {
  const forked = site(entriesOf(520, 411), SIZES);
  const byOther = await look(forked, { against: [elsewhere(whole)] });
  expect(byOther.problems).toMatchObject([{ kind: 'FORKED', entry: 411 }]);
  forked.set('witnessed', whole.get('witnessed') ?? Buffer.alloc(0));
  const byWitness = await look(forked);
  expect(byWitness.problems.map(({ kind }) => kind)).toEqual(['FORKED']);
});

test('wrong entry and wrong tile at once are still told apart from what is right', async () => {
  const files = new Map(whole);
  const entries = entriesOf(256).with(17, entryOf(17, 'other'));
  files.set('tile/entries/000', encodeBundle(entries));
  files.set('tile/0/001', Buffer.alloc(8192));
  const { problems } = await look(files);
  expect(problems.map(({ kind, file, entry }) => [kind, file, entry])).toEqual([
    ['ENTRY_CHANGED', 'tile/entries/000', 17],
    ['TILE_WRONG', 'tile/0/001', 256],
  ]);
});

test('too few witnesses, and none of the given ones, are no quorum', async () => {
  const stranger = cosigner('witness.test/two', Buffer.alloc(32, 3));
  const both = [witness.vkey, stranger.vkey];
  const kinds = async (more: Partial<VerifySiteOptions>) =>
    (await look(whole, more)).problems.map(({ kind }) => kind);
  expect(await kinds({ witnesses: both, quorum: 2 })).toEqual(['QUORUM_MISSING']);
  expect(await kinds({ witnesses: [stranger.vkey], quorum: 1 })).toEqual(['QUORUM_MISSING']);
});

test('a checkpoint put back is noticed alone, and told by whoever saw more', async () => {
  const early = site(entriesOf(520), SIZES.slice(0, 4));
  const files = new Map(whole).set('checkpoint', early.get('checkpoint') ?? Buffer.alloc(0));
  const alone = await look(files);
  expect(alone.notices.map(({ kind }) => kind)).toEqual(['BEYOND_CHECKPOINT']);
  expect(alone.problems.map(({ kind }) => kind)).toEqual(['BEHIND']);
});
