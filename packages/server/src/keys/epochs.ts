import { POOLS } from '../record/vocabulary.ts';
import { INDEX_SECRET_NAMES, type KekName } from './ports.ts';

const CONTENT = /^(\d{4})(?:\.([1-9]\d{0,4}))?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const isEpoch = (text: string): boolean => CONTENT.test(text) || DAY.test(text);

/** `2026.2` after `2026`, `2026.3` after that. */
export function epochAfter(epoch: string): string {
  const [year, count] = partsOf(epoch);
  return `${year}.${count + 1}`;
}

/** The later one of two content epochs. */
export function laterEpoch(a: string, b: string | undefined): string {
  if (b === undefined) return a;
  const [[yearA, countA], [yearB, countB]] = [partsOf(a), partsOf(b)];
  return yearA > yearB || (yearA === yearB && countA >= countB) ? a : b;
}

export function newestContentEpoch(keks: readonly KekName[]): string | undefined {
  return keks
    .filter(({ pool }) => pool !== 'quarantine')
    .reduce<string | undefined>((newest, { epoch }) => laterEpoch(epoch, newest), undefined);
}

/** The key-encryption keys among names of a key folder, without their ending. */
export function keksIn(names: Iterable<string>): KekName[] {
  return [...names].flatMap((name) => {
    const [, word = '', epoch = ''] = /^kek-([a-z]+)-(.+)$/.exec(name) ?? [];
    const pool = POOLS.find((one) => one === word);
    const form = pool === 'quarantine' ? DAY : CONTENT;
    return pool === undefined || !form.test(epoch) ? [] : [{ pool, epoch }];
  });
}

/** The epochs of the blind indexes of which every key is among names of a key folder, oldest first. */
export function indexEpochsIn(names: Iterable<string>): string[] {
  const all = new Set(names);
  const [first] = INDEX_SECRET_NAMES;
  return [...all]
    .flatMap((name) => (name.startsWith(`index-${first}-`) ? name.slice(first.length + 7) : []))
    .filter((epoch) => CONTENT.test(epoch))
    .filter((epoch) => INDEX_SECRET_NAMES.every((name) => all.has(`index-${name}-${epoch}`)))
    .sort((a, b) => (laterEpoch(a, b) === a ? 1 : -1));
}

function partsOf(epoch: string): [year: number, count: number] {
  const [, year = '0', count = '1'] = CONTENT.exec(epoch) ?? [];
  return [Number(year), Number(count)];
}
