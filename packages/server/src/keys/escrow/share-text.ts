import { createHash } from 'node:crypto';
import { isUuid } from '../../core/ids.ts';
import { asTyped, base32Of, bytesOfBase32, grouped } from './base32.ts';
import { escrowError } from './escrow-error.ts';
import type { Share } from './ports.ts';
import { isScheme } from './shamir.ts';

const FORMAT = 'voxkeep-share-1';
const VALUE_BYTES = 32;
const CHECK_SYMBOLS = 4;
/** Five groups of four: what fits the eye. */
const LINE_SYMBOLS = 20;
const LABELS = ['archive', 'set', 'share', '1', '2', '3', 'end'] as const;
type Label = (typeof LABELS)[number];

/**
 * A share as an officer keeps it on paper: each line with a check of its own, the last one with a check
 * of all. docs/FORMAT.md, "Share of the escrow key".
 */
export function writeShare(share: Share): string {
  const { archiveId, setId, index, shares, threshold, value } = share;
  const symbols = base32Of(value);
  const parts = [0, 1, 2].map((at) => symbols.slice(at * LINE_SYMBOLS, (at + 1) * LINE_SYMBOLS));
  const values: [Label, string][] = [
    ['archive', archiveId.toUpperCase()],
    ['set', grouped(setId)],
    ['share', `${index} of ${shares}, any ${threshold}`],
    ...parts.map((part, at): [Label, string] => [LABELS[3 + at] as Label, grouped(part)]),
  ];
  const lines = values.map(([label, text]) => {
    return `${label.padEnd(8)}${text.padEnd(38)}${checkOf(label, text)}`;
  });
  return `${[FORMAT, ...lines, `${'end'.padEnd(46)}${checkOfAll(values)}`].join('\n')}\n`;
}

/**
 * A share as it was typed: any case, with or without dashes, O for 0, I and L for 1; empty lines and
 * those that begin with `#` are passed over. Throws SHARE_UNREADABLE, and SHARE_MISTYPED with the line.
 */
export function readShare(text: string): Share {
  const [format, ...lines] = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (format?.toLowerCase() !== FORMAT) {
    throw escrowError('SHARE_UNREADABLE', `a share begins with the line ${FORMAT}`);
  }
  const values = new Map<Label, { text: string; check: string }>();
  for (const line of lines) {
    const [, word = '', middle = '', check = ''] = /^(\w+)\s+(?:(.*)\s)?\s*(\S+)$/.exec(line) ?? [];
    const label = LABELS.find((one) => one === word.toLowerCase());
    if (label === undefined || values.has(label)) {
      throw escrowError('SHARE_UNREADABLE', `no line of a share, or one too many: ${word}`);
    }
    values.set(label, { text: middle.trim(), check: asTyped(check) });
  }
  const missing = LABELS.find((label) => !values.has(label));
  if (missing !== undefined) throw escrowError('SHARE_UNREADABLE', `line ${missing} is missing`);
  const lineOf = (label: Label) => values.get(label) ?? { text: '', check: '' };
  const wrong = LABELS.filter(
    (label) => label !== 'end' && checkOf(label, lineOf(label).text) !== lineOf(label).check,
  );
  if (wrong.length > 0) {
    const which = wrong.length === 1 ? 'line' : 'lines';
    throw escrowError('SHARE_MISTYPED', `${which} ${wrong.join(', ')} of the share: mistyped`);
  }
  const all = LABELS.slice(0, -1).map((label): [Label, string] => [label, lineOf(label).text]);
  if (checkOfAll(all) !== lineOf('end').check) {
    throw escrowError('SHARE_MISTYPED', 'line end: mistyped, or the lines are of several shares');
  }
  return shareOf((label) => lineOf(label).text);
}

function shareOf(textOf: (label: Label) => string): Share {
  const archiveId = asTyped(textOf('archive'))
    .toLowerCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5');
  const setId = asTyped(textOf('set'));
  const [index = 0, shares = 0, threshold = 0] = numbersOf(textOf('share'));
  const value = bytesOfBase32(asTyped(textOf('1') + textOf('2') + textOf('3')));
  const isGood =
    isUuid(archiveId) &&
    /^[0-9A-Z]{16}$/.test(setId) &&
    isScheme(threshold, shares) &&
    index >= 1 &&
    index <= shares;
  if (value?.length !== VALUE_BYTES || !isGood) {
    throw escrowError('SHARE_UNREADABLE', 'the lines agree with their checks, and are no share');
  }
  return { archiveId, setId, threshold, shares, index, value };
}

const numbersOf = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

/** Of what was meant, so that dashes and case do not count. */
const meant = (label: Label, text: string): string =>
  label === 'share' ? numbersOf(text).join('/') : asTyped(text);

const checkOf = (label: Label, text: string): string => check(`${label}\n${meant(label, text)}`);

const checkOfAll = (values: readonly [Label, string][]): string =>
  check(values.map(([label, text]) => `${label}\n${meant(label, text)}`).join('\n'));

/** 20 bits: of a million mistyped lines one gets through. */
const check = (text: string): string =>
  base32Of(createHash('sha256').update(`${FORMAT}\n${text}`).digest()).slice(0, CHECK_SYMBOLS);
