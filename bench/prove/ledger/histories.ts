import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointText, cosignatureLine, signNote } from '../../oracle/write-ledger.ts';
import type { Expected, Scratch } from './scratch.ts';
import { type Tampering, textOf } from './tamperings.ts';

const one = (name: string, go: boolean, apply: Tampering['apply']): Tampering => ({
  ...{ name, go, apply },
});

/** Rewrites the site's whole log and signs it with the stolen key; witnesses' keys stay theirs. */
function forge(scratch: Scratch, entries: Buffer[]): void {
  const { size, root } = scratch.rewrite(entries);
  const { logKey } = scratch.ledger;
  scratch.write('checkpoint', signNote(checkpointText(logKey.name, size, root), logKey));
  scratch.remove('witnessed');
}

/** The same entries from an index on, each with its fields changed and its index right. */
function changed(
  scratch: Scratch,
  from: number,
  change: (fields: Record<string, unknown>) => Record<string, unknown>,
): Buffer[] {
  return scratch.ledger.entries.map((bytes, at) =>
    at < from ? bytes : Buffer.from(JSON.stringify(change(JSON.parse(bytes.toString())))),
  );
}

const renumbered = (entries: Buffer[]): Buffer[] =>
  entries.map((bytes, seq) => Buffer.from(JSON.stringify({ ...JSON.parse(String(bytes)), seq })));

const forkedAt = (entry: number): Expected => ({ kinds: ['FORKED'], file: 'checkpoint', entry });

/** Histories that the stolen key signs, and former ones that were put back. */
const HISTORIES: Tampering[] = [
  one('the whole site rolled back', true, (s) => {
    s.restore(s.ledger.early(s.site));
    return { kinds: ['BEHIND'], file: 'checkpoint' };
  }),
  one('the tail cut, all rebuilt, the stolen key', true, (s) => {
    forge(s, s.ledger.entries.slice(0, s.size - 30));
    return { kinds: ['BEHIND'], file: 'checkpoint', entry: s.size - 30 };
  }),
  one('everything cut, the stolen key', true, (s) => {
    forge(s, []);
    return { kinds: ['BEHIND'], file: 'checkpoint', entry: 0 };
  }),
  one('an entry rewritten, all rebuilt, the stolen key', true, (s) => {
    const entry = Buffer.from(s.entry(111).toString().replace('"outcome":"ok"', '"outcome":"xx"'));
    forge(s, s.ledger.entries.with(111, entry));
    return forkedAt(111);
  }),
  one('the same and the old cosignatures kept beside it', true, (s) => {
    const witnessed = s.read('witnessed');
    forge(s, s.ledger.entries.with(111, s.entry(110)));
    s.write('witnessed', witnessed);
    return { kinds: ['FORKED'], file: 'checkpoint' };
  }),
  one('an entry rewritten and all rebuilt, without a key', true, (s) => {
    s.rewrite(s.ledger.entries.with(111, s.entry(110)));
    return { kinds: ['ROOT_WRONG'], file: 'checkpoint' };
  }),
  one('an entry inserted, all renumbered, the stolen key', true, (s) => {
    forge(s, renumbered(s.ledger.entries.toSpliced(300, 0, s.entry(299))));
    return forkedAt(300);
  }),
  one('an entry deleted, all renumbered, the stolen key', true, (s) => {
    forge(s, renumbered(s.ledger.entries.toSpliced(300, 1)));
    return forkedAt(300);
  }),
  one('an entry deleted and not renumbered, the stolen key', true, (s) => {
    forge(s, s.ledger.entries.toSpliced(300, 1));
    return { kinds: ['ENTRY_INVALID'], file: 'tile/entries/001', entry: 300 };
  }),
  one('two entries reordered, the stolen key', true, (s) => {
    forge(s, s.ledger.entries.with(20, s.entry(400)).with(400, s.entry(20)));
    return { kinds: ['ENTRY_INVALID'], file: 'tile/entries/000', entry: 20 };
  }),
  one('the last entries replaced, the stolen key', true, (s) => {
    const from = s.size - 4;
    forge(
      s,
      changed(s, from, (fields) => ({ ...fields, requestId: 'forged' })),
    );
    return forkedAt(from);
  }),
  one('the clock moved back, the stolen key', true, (s) => {
    forge(
      s,
      changed(s, s.size - 9, (fields) => ({ ...fields, time: '2020-01-01T00:00:00.000Z' })),
    );
    return { kinds: ['TIME_BACKWARDS'], entry: s.size - 9 };
  }),
  one('something that is no entry, the stolen key', true, (s) => {
    forge(s, s.ledger.entries.with(33, Buffer.from('all is well')));
    return { kinds: ['ENTRY_INVALID'], file: 'tile/entries/000', entry: 33 };
  }),
  one('an entry of a later version, the stolen key', true, (s) => {
    forge(
      s,
      changed(s, s.size - 1, (fields) => ({ ...fields, v: 2 })),
    );
    return { kinds: ['ENTRY_INVALID'], entry: s.size - 1 };
  }),
];

const everyLine = /\u2014 witness.*\n/g;
const lines = (scratch: Scratch, change: (note: string) => string): void => {
  for (const file of ['checkpoint', 'witnessed']) scratch.text(file, change);
};

/** What is claimed of witnesses, whose keys nobody stole. */
const COSIGNATURES: Tampering[] = [
  one('a cosignature of random bytes', false, (s) => {
    const forged = Buffer.alloc(72, 7);
    s.text('checkpoint', (note) =>
      note.replace(/(\u2014 witness.example\/branch )(\S+)/, (_, head: string, good: string) => {
        const id = Buffer.from(good, 'base64').subarray(0, 4);
        return head + Buffer.concat([id, forged]).toString('base64');
      }),
    );
    return { kinds: ['COSIGNATURE_BAD'], file: 'checkpoint' };
  }),
  one('the cosignatures of an earlier checkpoint', false, (s) => {
    const early = readFileSync(join(s.ledger.early(s.site), 'witnessed'), 'utf8');
    const old = [...early.matchAll(everyLine)].join('');
    lines(s, (note) => note.replace(everyLine, '') + old);
    return { kinds: ['COSIGNATURE_BAD'], file: 'checkpoint' };
  }),
  one('a later time in a cosignature', false, (s) => {
    s.text('checkpoint', (note) =>
      note.replace(/(\u2014 witness.example\/cloud )(\S+)/, (_, head: string, good: string) => {
        const bytes = Buffer.from(good, 'base64');
        bytes.writeBigUInt64BE(bytes.readBigUInt64BE(4) + 3600n, 4);
        return head + bytes.toString('base64');
      }),
    );
    return { kinds: ['COSIGNATURE_BAD'], file: 'checkpoint' };
  }),
  one('no cosignature left', false, (s) => {
    lines(s, (note) => note.replace(everyLine, ''));
    return { kinds: ['QUORUM_MISSING'], file: 'checkpoint' };
  }),
  one('one cosignature left of three', false, (s) => {
    lines(s, (note) => note.replace(/\u2014 witness.example\/(branch|cloud).*\n/g, ''));
    return { kinds: ['QUORUM_MISSING'], file: 'checkpoint' };
  }),
  one('witnesses of the forger’s own in place of the known ones', false, (s) => {
    lines(s, (note) => {
      const seconds = Math.floor(Date.now() / 1000);
      const own = ['branch', 'cloud', 'auditor'].map((name, place) => {
        const key = { name: `witness.example/${name}`, seed: Buffer.alloc(32, 90 + place) };
        return cosignatureLine(textOf(note), key, seconds);
      });
      return note.replace(everyLine, '') + own.join('');
    });
    return { kinds: ['QUORUM_MISSING'], file: 'checkpoint' };
  }),
  one('a forged history with cosignatures by keys of the forger’s own', true, (s) => {
    forge(s, s.ledger.entries.with(111, s.entry(110)));
    const note = s.read('checkpoint').toString();
    const key = { name: 'witness.example/branch', seed: Buffer.alloc(32, 90) };
    s.write('checkpoint', note + cosignatureLine(textOf(note), key, 1_800_000_000));
    return forkedAt(111);
  }),
  one('a witnessed checkpoint that the log never signed', false, (s) => {
    s.text('witnessed', (note) => note.replace(`\n${s.size}\n`, `\n${s.size - 1}\n`));
    return { kinds: ['SIGNATURE_BAD'], file: 'witnessed' };
  }),
];

export const HISTORY_TAMPERINGS: readonly Tampering[] = [...HISTORIES, ...COSIGNATURES];
