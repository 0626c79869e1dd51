import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asTyped, base32Of, bytesOfBase32 } from './base32.ts';
import type { Share } from './ports.ts';
import { readShare, writeShare } from './share-text.ts';

const share: Share = {
  ...{ archiveId: '0198a1b2-0000-7000-8000-000000000001', setId: '7K2M9QF4TXB01CDE' },
  ...{ threshold: 3, shares: 5, index: 2, value: Buffer.alloc(32, 0xa7) },
};
const lines = writeShare(share).trimEnd().split('\n');
const codeOf = (text: string): [code: string, message: string] => {
  try {
    readShare(text);
    return ['', ''];
  } catch (error) {
    return [(error as { code: string }).code, (error as Error).message];
  }
};
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((one) => Buffer.from(one));

it('comes back as it was written, however it was typed', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const text = writeShare({ ...share, value });
      for (const typed of [
        text,
        text.toLowerCase(),
        text.replaceAll('\n', '\r\n\r\n# a remark\r\n'),
        text.replaceAll(/(?<=[0-9A-Z])-/g, ' '),
        // The three letters of the format are no symbols.
        text.replace(/\n.*$/s, (rest) => rest.replaceAll('0', 'O').replaceAll('1-', 'l-')),
      ]) {
        expect(readShare(typed)).toEqual({ ...share, value });
      }
    }),
    { numRuns: 50 },
  );
});

it('has lines that a person can read and type', () => {
  expect(lines).toHaveLength(8);
  expect(lines[0]).toBe('voxkeep-share-1');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(50);
  expect(lines[3]).toMatch(/^share {3}2 of 5, any 3 +[0-9A-Z]{4}$/);
  expect(lines[4]).toMatch(/^1 {7}([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4} +\S{4}$/);
});

it('is what docs/FORMAT.md says, example and all', () => {
  const document = readFileSync(
    resolve(import.meta.dirname, '../../../../../docs/FORMAT.md'),
    'utf8',
  );
  const example = /^voxkeep-share-1\narchive[^`]*/m.exec(document)?.[0] ?? '';
  const value = 'a7b3c9d1e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90';
  expect(readShare(example)).toEqual({ ...share, value: Buffer.from(value, 'hex') });
  expect(writeShare(readShare(example))).toBe(example);
});

it('names every mistyped line', () => {
  const typo = (at: number) => {
    const changed = [...lines];
    const line = lines[at] ?? '';
    const place = line.search(/ [0-9A-Z]/) + 1;
    const other = line[place] === '7' ? '3' : '7';
    changed[at] = line.slice(0, place) + other + line.slice(place + 1);
    return changed;
  };
  for (const [at, label] of ['archive', 'set', 'share', '1', '2', '3'].entries()) {
    const [code, message] = codeOf(typo(at + 1).join('\n'));
    expect(code).toBe('SHARE_MISTYPED');
    expect(message).toContain(`line ${label} `);
  }
  const both = typo(4);
  both[6] = (lines[6] ?? '').replace(/\S{4}$/, '0000');
  expect(codeOf(both.join('\n'))).toEqual(['SHARE_MISTYPED', expect.stringMatching(/lines 1, 3 /)]);
});

it('refuses two groups of a line in the wrong order, lines that changed places, and lines of another share', () => {
  const value = Buffer.from([...Array(32).keys()]);
  const own = writeShare({ ...share, value }).split('\n');
  const other = writeShare({ ...share, index: 3, value: Buffer.alloc(32, 9) }).split('\n');
  const swapped = [...own];
  swapped[4] = (own[4] ?? '').replace(/(\w{4})-(\w{4})/, '$2-$1');
  expect(codeOf(swapped.join('\n'))[0]).toBe('SHARE_MISTYPED');
  const places = [...own];
  places[4] = (own[5] ?? '').replace(/^2/, '1');
  places[5] = (own[4] ?? '').replace(/^1/, '2');
  expect(codeOf(places.join('\n'))).toEqual([
    'SHARE_MISTYPED',
    expect.stringMatching(/lines 1, 2 /),
  ]);
  const mixed = [...own];
  mixed[4] = other[4] ?? '';
  expect(codeOf(mixed.join('\n'))).toEqual([
    'SHARE_MISTYPED',
    expect.stringMatching(/several shares/),
  ]);
});

it('lets none of ten thousand random slips of one symbol through', () => {
  const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const text = lines.join('\n');
  let through = 0;
  for (let round = 0; round < 10_000; round += 1) {
    const at = 16 + Math.floor(Math.random() * (text.length - 16));
    const slip = symbols[Math.floor(Math.random() * 32)] ?? '';
    if (!/[0-9A-Z]/.test(text[at] ?? '') || text[at] === slip) continue;
    if (codeOf(text.slice(0, at) + slip + text.slice(at + 1))[0] === '') through += 1;
  }
  expect(through).toBe(0);
});

it('refuses what is no share: another format, a line that is missing, doubled or unknown', () => {
  const unreadable = (text: string) => expect(codeOf(text)[0]).toBe('SHARE_UNREADABLE');
  unreadable('');
  unreadable(lines.join('\n').replace('share-1', 'share-2'));
  unreadable(lines.slice(0, -1).join('\n'));
  unreadable([...lines, lines[4]].join('\n'));
  unreadable([...lines, 'note ABCD 1234'].join('\n'));
});

it('writes bytes in Crockford’s base32, and reads no other text as bytes', () => {
  expect(base32Of(Buffer.from('Hello', 'latin1'))).toBe('91JPRV3F');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (some) => {
      expect(bytesOfBase32(base32Of(some))).toEqual(Buffer.from(some));
    }),
  );
  for (const text of ['U', '91JPRV3', 'ZZ', 'AB!']) expect(bytesOfBase32(text)).toBeUndefined();
  expect(asTyped('o-i l\t-0')).toBe('0110');
});
