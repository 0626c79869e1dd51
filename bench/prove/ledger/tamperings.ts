import { readFileSync } from 'node:fs';
import { bundleOf, signNote } from '../../oracle/write-ledger.ts';
import type { Expected, Scratch } from './scratch.ts';

export interface Tampering {
  name: string;
  apply(scratch: Scratch): Expected;
  /** Whether the Go program, which sees this one folder and the log's key, has to refuse it too. */
  go: boolean;
}

const one = (name: string, go: boolean, apply: Tampering['apply']): Tampering => ({
  ...{ name, go, apply },
});

const B0 = 'tile/entries/000';
const B1 = 'tile/entries/001';
const T0 = 'tile/0/000';
const T1 = 'tile/0/001';
const ABOVE = 'tile/1/000.p/2';

/** The first bundle with other entries. */
const bundle = (scratch: Scratch, change: (entries: Buffer[]) => Buffer[]): void =>
  scratch.write(B0, bundleOf(change(scratch.ledger.entries.slice(0, 256))));

const flip = (at: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
};
const entryAt = (entry: number, file = B0): Expected => ({ kinds: ['ENTRY_CHANGED'], file, entry });
const badBundle = (file = B0): Expected => ({ kinds: ['BUNDLE_BAD'], file });
const wrongTile = (file: string): Expected => ({ kinds: ['TILE_WRONG'], file });

const ENTRIES: Tampering[] = [
  one('one letter of an entry', true, (s) => {
    bundle(s, (all) => all.with(40, flip(30)(Buffer.from(s.entry(40)))));
    return entryAt(40);
  }),
  one('another actor in an entry', true, (s) => {
    const text = s
      .entry(99)
      .toString()
      .replace(/"role":"[a-z]+"/, '"role":"admin"');
    bundle(s, (all) => all.with(99, Buffer.from(text)));
    return entryAt(99);
  }),
  one('another outcome in an entry', true, (s) => {
    const text = s.entry(120).toString().replace('"outcome":"ok"', '"outcome":"failed"');
    bundle(s, (all) => all.with(120, Buffer.from(text)));
    return entryAt(120);
  }),
  one('an entry emptied', true, (s) => {
    bundle(s, (all) => all.with(7, Buffer.alloc(0)));
    return entryAt(7);
  }),
  one('an entry deleted', true, (s) => {
    bundle(s, (all) => all.toSpliced(50, 1));
    return badBundle();
  }),
  one('an entry deleted and one of the next bundle in its place', true, (s) => {
    bundle(s, (all) => [...all.toSpliced(50, 1), s.entry(256)]);
    return entryAt(50);
  }),
  one('an entry inserted', true, (s) => {
    bundle(s, (all) => all.toSpliced(12, 0, Buffer.from('{"v":1}')));
    return badBundle();
  }),
  one('an entry inserted and the last one dropped', true, (s) => {
    bundle(s, (all) => all.toSpliced(12, 0, Buffer.from('{"v":1}')).slice(0, 256));
    return entryAt(12);
  }),
  one('two entries swapped', true, (s) => {
    bundle(s, (all) => all.with(3, s.entry(4)).with(4, s.entry(3)));
    return entryAt(3);
  }),
  one('a bundle in reverse order', true, (s) => {
    bundle(s, (all) => all.toReversed());
    return entryAt(0);
  }),
  one('an entry copied over the next', true, (s) => {
    bundle(s, (all) => all.with(201, s.entry(200)));
    return entryAt(201);
  }),
  one('the newest entry changed', true, (s) => {
    s.edit(s.newest('entries'), (bytes) => flip(bytes.length - 5)(bytes));
    return entryAt(s.size - 1, s.newest('entries'));
  }),
  one('a bundle cut', true, (s) => {
    s.edit(B1, (bytes) => bytes.subarray(0, bytes.length - 9));
    return badBundle(B1);
  }),
  one('a bundle emptied', true, (s) => {
    s.write(B1, Buffer.alloc(0));
    return badBundle(B1);
  }),
  one('a bundle removed', true, (s) => {
    s.remove(B1);
    return { kinds: ['BUNDLE_MISSING'], file: B1, entry: 256 };
  }),
  one('bytes after a bundle', true, (s) => {
    s.edit(B0, (bytes) => Buffer.concat([bytes, Buffer.from([0])]));
    return badBundle();
  }),
  one('a length in a bundle', true, (s) => {
    s.edit(B0, flip(1));
    return badBundle();
  }),
  one('two bundles swapped', true, (s) => {
    s.swap(B0, B1);
    return entryAt(0);
  }),
  one('a bundle of an earlier size in place of the whole one', true, (s) => {
    s.write(B0, s.read(s.older('entries').path));
    return badBundle();
  }),
];

const TILES: Tampering[] = [
  one('a hash of a whole tile', true, (s) => {
    s.edit(T0, flip(32 * 17 + 3));
    return { ...wrongTile(T0), entry: 17 };
  }),
  one('a hash of the newest tile', true, (s) => {
    s.edit(s.newest('0'), flip(5));
    return { ...wrongTile(s.newest('0')), entry: s.size - (s.size % 256) };
  }),
  one('a hash of the tile above', true, (s) => {
    s.edit(ABOVE, flip(33));
    return { ...wrongTile(ABOVE), entry: 256 };
  }),
  one('two tiles swapped', true, (s) => {
    s.swap(T0, T1);
    return wrongTile(T0);
  }),
  one('two hashes of a tile swapped', true, (s) => {
    s.edit(T1, (b) => Buffer.concat([b.subarray(32, 64), b.subarray(0, 32), b.subarray(64)]));
    return { ...wrongTile(T1), entry: 256 };
  }),
  one('a tile cut', true, (s) => {
    s.edit(T0, (bytes) => bytes.subarray(0, 8000));
    return wrongTile(T0);
  }),
  one('a tile with one hash more', true, (s) => {
    s.edit(T0, (bytes) => Buffer.concat([bytes, bytes.subarray(0, 32)]));
    return wrongTile(T0);
  }),
  one('a tile of zeros', true, (s) => {
    s.write(T1, Buffer.alloc(8192));
    return wrongTile(T1);
  }),
  one('a tile removed', true, (s) => {
    s.remove(T0);
    return { kinds: ['TILE_MISSING'], file: T0 };
  }),
  one('the tile above removed', true, (s) => {
    s.remove(ABOVE);
    return { kinds: ['TILE_MISSING'], file: ABOVE };
  }),
  one('entry and its hash changed together', true, (s) => {
    bundle(s, (all) => all.with(40, Buffer.from('{"v":1,"seq":40}')));
    s.edit(T0, flip(32 * 40));
    return { kinds: ['ENTRY_CHANGED', 'TILE_WRONG'], entry: 40 };
  }),
];

const PARTIALS: Tampering[] = [
  one('an earlier bundle changed', false, (s) => {
    const { path } = s.older('entries');
    s.edit(path, flip(20));
    return { kinds: ['PARTIAL_WRONG'], file: path, entry: 0 };
  }),
  one('an earlier tile changed', false, (s) => {
    const { path } = s.older('0');
    s.edit(path, flip(32 * 9));
    return { kinds: ['PARTIAL_WRONG'], file: path, entry: 9 };
  }),
  one('an earlier bundle removed', false, (s) => {
    const { path } = s.older('entries');
    s.remove(path);
    return { kinds: ['PARTIAL_MISSING'], file: path };
  }),
  one('an earlier tile removed', false, (s) => {
    const { path } = s.older('0');
    s.remove(path);
    return { kinds: ['PARTIAL_MISSING'], file: path };
  }),
  one('an earlier bundle and its tile removed', false, (s) => {
    s.remove(s.older('entries').path);
    s.remove(s.older('0').path);
    return { kinds: ['PARTIAL_MISSING'], file: s.older('0').path };
  }),
  one('an earlier bundle under another size', false, (s) => {
    const { path, width } = s.older('entries');
    const other = s.ledger.sizes.includes(width - 1) ? width - 2 : width - 1;
    s.move(path, `${B0}.p/${other}`);
    return { kinds: ['PARTIAL_WRONG'], file: `${B0}.p/${other}` };
  }),
  one('every partial tile of the first bundle removed', false, (s) => {
    s.remove(`${T0}.p`);
    return { kinds: ['PARTIAL_MISSING'], file: s.older('0').path };
  }),
  one('the newest bundle removed', true, (s) => {
    s.remove(s.newest('entries'));
    return { kinds: ['BUNDLE_MISSING'], file: s.newest('entries') };
  }),
  one('the newest tile removed', true, (s) => {
    s.remove(s.newest('0'));
    return { kinds: ['TILE_MISSING'], file: s.newest('0') };
  }),
];

const at = (...kinds: string[]): Expected => ({ kinds, file: 'checkpoint' });

const CHECKPOINTS: Tampering[] = [
  one('no checkpoint', true, (s) => {
    s.remove('checkpoint');
    return at('CHECKPOINT_MISSING');
  }),
  one('an empty checkpoint', true, (s) => {
    s.write('checkpoint', '');
    return at('CHECKPOINT_BAD');
  }),
  one('another size in the checkpoint', true, (s) => {
    s.text('checkpoint', (text) => text.replace(`\n${s.size}\n`, `\n${s.size - 1}\n`));
    return at('SIGNATURE_BAD');
  }),
  one('another root in the checkpoint', true, (s) => {
    s.text('checkpoint', (text) => {
      const lines = text.split('\n');
      return lines.with(2, Buffer.alloc(32, 9).toString('base64')).join('\n');
    });
    return at('SIGNATURE_BAD');
  }),
  one('another origin in the checkpoint', true, (s) => {
    s.text('checkpoint', (text) => text.replace('voxkeep/', 'voxkeeq/'));
    return at('SIGNATURE_BAD', 'ORIGIN_WRONG');
  }),
  one('a line more in the checkpoint', true, (s) => {
    s.text('checkpoint', (text) => text.replace('\n\n', '\nnothing to see\n\n'));
    return at('SIGNATURE_BAD');
  }),
  one('a changed signature', true, (s) => {
    s.text('checkpoint', (text) => text.replace(/(\u2014 voxkeep\S+ \S{20})(.)/, changeLetter));
    return at('SIGNATURE_BAD');
  }),
  one('no signature of the log', true, (s) => {
    s.text('checkpoint', (text) => text.replace(/\u2014 voxkeep.*\n/, ''));
    return at('SIGNATURE_BAD');
  }),
  one('signed by another key of that name', true, (s) => {
    const text = textOf(s.read('checkpoint').toString());
    s.write('checkpoint', signNote(text, { ...s.ledger.logKey, seed: Buffer.alloc(32, 66) }));
    return at('SIGNATURE_BAD');
  }),
  one('the checkpoint of another log of the same key', true, (s) => {
    const text = textOf(s.read('checkpoint').toString()).replace('voxkeep/', 'elsewhere/');
    s.write('checkpoint', signNote(text, s.ledger.logKey));
    return at('ORIGIN_WRONG');
  }),
  one('a checkpoint that is not UTF-8', true, (s) => {
    s.edit('checkpoint', (bytes) => Buffer.concat([Buffer.from([0xff]), bytes]));
    return at('CHECKPOINT_BAD');
  }),
  one('an earlier checkpoint put back', true, (s) => {
    s.write('checkpoint', s.ledger.published.map(readPublished).at(-3) ?? '');
    return { ...at('BEHIND') };
  }),
  one('no ledger at all', true, (s) => {
    for (const file of s.files()) s.remove(file);
    return at('CHECKPOINT_MISSING');
  }),
];

export const FILE_TAMPERINGS: readonly Tampering[] = [
  ...ENTRIES,
  ...TILES,
  ...PARTIALS,
  ...CHECKPOINTS,
];

/** What a note signs. */
export const textOf = (note: string): string => note.slice(0, note.indexOf('\n\n') + 1);

function changeLetter(_: string, before: string, letter: string): string {
  return before + (letter === 'A' ? 'B' : 'A');
}

function readPublished(file: string): string {
  return readFileSync(file, 'utf8');
}
