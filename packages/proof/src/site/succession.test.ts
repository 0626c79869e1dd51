import { expect, test } from 'vitest';
import { signCheckpoint } from '../log/checkpoint.ts';
import { cosigner, withSignatures } from '../log/cosignature.ts';
import { encodeBundle } from '../log/entry-bundle.ts';
import { GrowingTree } from '../log/growing-tree.ts';
import { isEarlierName, isSuccessorName, nextLogName, vkeyNamed } from '../log/log-name.ts';
import { noteSigner } from '../log/signed-note.ts';
import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from '../log/tile-path.ts';
import { hashLeaf } from '../log/tree-hash.ts';
import type { Elsewhere } from './check-against.ts';
import type { SiteFiles } from './site-files.ts';
import { type VerifySiteOptions, verifySite } from './verify-site.ts';

const SEED = Buffer.alloc(32, 1);
const [first, second, third] = ['', '/2', '/3'].map((end) =>
  noteSigner(`voxkeep.test/log${end}`, SEED),
) as [Signer, Signer, Signer];
type Signer = ReturnType<typeof noteSigner>;
const witness = cosigner('witness.test/one', Buffer.alloc(32, 2));
const AT = new Date('2026-11-27T00:00:00Z');

const entryOf = (seq: number, more: object = {}) =>
  Buffer.from(JSON.stringify({ seq, time: '2026-11-27T00:00:00.000Z', v: 1, ...more }));
const grown = (entries: readonly Buffer[], count: number, mark: string): Buffer[] => [
  ...entries,
  ...Array.from({ length: count }, (_, at) => entryOf(entries.length + at, { x: mark })),
];
const rootOf = (entries: readonly Buffer[]) => {
  const tree = new GrowingTree();
  tree.append(entries.map(hashLeaf));
  return tree.root();
};
/** The entry by which the log goes on under another name, true but for `more`. */
const succeed = (entries: readonly Buffer[], from: Signer, to: Signer, more: object = {}) => {
  const [previous, size] = [from.name, entries.length];
  const detail = { previous, size, root: rootOf(entries).toString('hex'), ...more };
  return [...entries, entryOf(size, { action: 'ledger.succeed', resource: to.name, detail })];
};
const noteOf = (entries: readonly Buffer[], signer: Signer) => {
  const note = signCheckpoint(signer, entries.length, rootOf(entries));
  const line = witness.cosign(note.slice(0, note.indexOf('\n\n') + 1), AT);
  return Buffer.from(withSignatures(note, [line]));
};

function site(entries: readonly Buffer[], signer: Signer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const tree = new GrowingTree();
  for (const { level, index, hashes } of tree.append(entries.map(hashLeaf))) {
    files.set(tilePath(level, index, hashes.length / 32), hashes);
  }
  for (let index = 0; index * TILE_WIDTH < entries.length; index += 1) {
    const width = tileWidth(0, index, entries.length);
    const at = index * TILE_WIDTH;
    files.set(entriesPath(index, width), encodeBundle(entries.slice(at, at + width)));
  }
  return files.set('checkpoint', noteOf(entries, signer));
}
const filesOf = (files: Map<string, Buffer>): SiteFiles => ({
  read: async (path) => files.get(path),
  list: async () => [...files.keys()],
});
const look = (files: Map<string, Buffer>, key: Signer, more: Partial<VerifySiteOptions> = {}) =>
  verifySite(filesOf(files), { vkey: key.vkey, ...more });
const against = (note: Uint8Array, files?: Map<string, Buffer>): { against: Elsewhere[] } => ({
  against: [{ name: 'elsewhere', note, ...(files && { files: filesOf(files) }) }],
});
const kinds = (list: { kind: string; entry?: number }[]) =>
  list.map(({ kind, entry }) => [kind, entry]);

/** 840 entries were seen, 812 were left. */
const seen = grown(grown([], 812, 'a'), 28, 'lost');
const left = seen.slice(0, 812);
const now = grown(succeed(left, first, second), 50, 'b');

test('the names of a log follow each other, and its keys are one key under each', () => {
  expect(nextLogName('voxkeep/a')).toBe('voxkeep/a/2');
  expect(nextLogName('voxkeep/a/9')).toBe('voxkeep/a/10');
  expect(
    isEarlierName('voxkeep/a', 'voxkeep/a/2') && isEarlierName('voxkeep/a/2', 'voxkeep/a/10'),
  ).toBe(true);
  for (const [one, other] of [
    ['voxkeep/a/2', 'voxkeep/a'],
    ['voxkeep/a', 'voxkeep/a'],
    ['voxkeep/a', 'voxkeep/b/2'],
    ['voxkeep/a', 'voxkeep/a/02'],
    ['voxkeep/a', 'voxkeep/a/1'],
  ] as const) {
    expect([one, other, isEarlierName(one, other)]).toEqual([one, other, false]);
  }
  expect([isSuccessorName('voxkeep/a'), isSuccessorName('voxkeep/a/2')]).toEqual([false, true]);
  expect(vkeyNamed(first.vkey, second.name)).toBe(second.vkey);
});

test('a successor verifies by its own key, and what it goes on from is noticed, through any number of them', async () => {
  const report = await look(site(now, second), second);
  expect(report).toMatchObject({ ok: true, size: 863, problems: [] });
  expect(kinds(report.notices)).toEqual([['SUCCEEDED', 812]]);
  const again = grown(succeed(now, second, third), 3, 'c');
  const later = await look(site(again, third), third);
  expect([later.ok, kinds(later.notices)]).toEqual([
    true,
    [
      ['SUCCEEDED', 812],
      ['SUCCEEDED', 863],
    ],
  ]);
});

test('one that skips a name which was lost is a successor too', async () => {
  const skipped = succeed(left, first, third);
  expect((await look(site(skipped, third), third)).ok).toBe(true);
  const lost = noteOf(now, second);
  const report = await look(site(skipped, third), third, against(lost));
  expect(kinds(report.problems)).toEqual([['LOST', undefined]]);
});

test('by the key of the log before it says which log goes on', async () => {
  const report = await look(site(now, second), first);
  expect(kinds(report.problems)).toEqual([['SUCCEEDED_BY', undefined]]);
  expect(report.problems[0]?.message).toContain(second.name);
  const forged = noteOf(now, noteSigner(second.name, Buffer.alloc(32, 9)));
  const other = await look(new Map(site(now, second)).set('checkpoint', forged), first);
  expect(kinds(other.problems)).toEqual([['SIGNATURE_BAD', undefined]]);
});

test('checkpoints of the log before are its beginning, or another history, or lost', async () => {
  const files = site(now, second);
  const judge = async (note: Buffer, folder?: Map<string, Buffer>) =>
    kinds((await look(files, second, against(note, folder))).problems);
  expect(await judge(noteOf(seen.slice(0, 500), first))).toEqual([]);
  expect(await judge(noteOf(left, first))).toEqual([]);
  expect(await judge(noteOf(seen, first))).toEqual([['LOST', 812]]);
  expect(await judge(noteOf(seen, first), site(seen, first))).toEqual([['LOST', 812]]);
  const forked = grown(seen.slice(0, 411), 429, 'forked');
  expect(await judge(noteOf(forked.slice(0, 700), first))).toEqual([['FORKED', undefined]]);
  expect(await judge(noteOf(forked, first), site(forked, first))).toEqual([
    ['LOST', 812],
    ['FORKED', 411],
  ]);
  // A tree that no archive can have signed under that name: it holds the entry by which the name ended.
  expect(await judge(noteOf(now, first))).toEqual([['LOST', 812]]);
});

test('what was countersigned of the log before is its beginning, but no quorum for this one', async () => {
  const files = site(now, second).set('witnessed', noteOf(seen.slice(0, 800), first));
  expect((await look(files, second)).ok).toBe(true);
  const bare = Buffer.from(signCheckpoint(second, now.length, rootOf(now)));
  const quorum = { witnesses: [witness.vkey], quorum: 1 };
  const report = await look(new Map(files).set('checkpoint', bare), second, quorum);
  expect(kinds(report.problems)).toEqual([['QUORUM_MISSING', undefined]]);
  expect(report.witnessedSize).toBeUndefined();
  files.set('witnessed', noteOf(seen, first));
  expect(kinds((await look(files, second)).problems)).toEqual([['LOST', 812]]);
});

test('a site that missed the succession says so, and whoever has seen it knows that it is behind', async () => {
  const report = await look(site(left, first), second, against(noteOf(now, second)));
  expect(kinds(report.problems)).toEqual([
    ['ORIGIN_WRONG', undefined],
    ['BEHIND', 812],
  ]);
});

test('files of what was lost that a cut left at a site are noticed; what they have of the log is verified', async () => {
  const cutOff = site(seen.slice(0, 815), first);
  const [tile, bundle] = [tilePath(0, 3, 47), entriesPath(3, 47)];
  const files = site(now, second);
  for (const path of [tile, bundle]) files.set(path, cutOff.get(path) ?? Buffer.of());
  const leftOver = [
    ['SUCCEEDED', 812],
    ['LEFT_OVER', 812],
    ['LEFT_OVER', 812],
  ];
  const report = await look(files, second);
  expect([report.problems, kinds(report.notices)]).toEqual([[], leftOver]);
  // The cut may have come between the two; the other site has none of them.
  files.delete(tile);
  expect((await look(files, second)).problems).toEqual([]);
  const other = site(now, second);
  const elsewhere = against(other.get('checkpoint') ?? Buffer.of(), files);
  expect((await look(other, second, elsewhere)).problems).toEqual([]);
  const bent = grown(seen.slice(0, 790), 25, 'bent');
  files.set(bundle, site(bent, first).get(bundle) ?? Buffer.of());
  expect(kinds((await look(files, second)).problems)).toContainEqual(['PARTIAL_WRONG', 790]);
});

test.each([
  ['cites another tree', succeed(left, first, second, { root: '00'.repeat(32) })],
  ['cites another size', succeed(left, first, second, { size: 811 })],
  ['cites no tree', succeed(left, first, second, { root: 7 })],
  ['goes on from a stranger', succeed(left, noteSigner('voxkeep.test/other', SEED), second)],
  ['goes on from itself', succeed(left, second, second)],
  ['names another successor', succeed(left, first, third)],
])('a succession that %s is none', async (_, entries) => {
  const report = await look(site(grown(entries, 9, 'b'), second), second);
  expect(kinds(report.problems)).toEqual([['SUCCESSION_BAD', 812]]);
});

test('a name that no entry leads to is none', async () => {
  expect(kinds((await look(site(seen, second), second)).problems)).toEqual([
    ['SUCCESSION_BAD', undefined],
  ]);
  const half = succeed(now.slice(0, 812), second, third);
  expect(kinds((await look(site(half, third), third)).problems)).toEqual([['SUCCESSION_BAD', 812]]);
});
