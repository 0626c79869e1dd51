import { expect, it } from 'vitest';
import {
  epochAfter,
  indexEpochsIn,
  isEpoch,
  keksIn,
  laterEpoch,
  newestContentEpoch,
} from './epochs.ts';

it('counts epochs within a year, and a later year is later than all of an earlier one', () => {
  expect(epochAfter('2026')).toBe('2026.2');
  expect(epochAfter('2026.9')).toBe('2026.10');
  expect(laterEpoch('2026.9', '2026.10')).toBe('2026.10');
  expect(laterEpoch('2027', '2026.10')).toBe('2027');
  expect(laterEpoch('2026', undefined)).toBe('2026');
});

it('knows epochs of content and of days, each of at most ten characters, and no others', () => {
  for (const text of ['2026', '2026.2', '2026.99999', '2026-11-24']) {
    expect(isEpoch(text)).toBe(true);
    expect(text.length).toBeLessThanOrEqual(10);
  }
  for (const text of ['', '26', '2026.', '2026.0', '2026.100000', '2026-11', '2026.2\n']) {
    expect(isEpoch(text)).toBe(false);
  }
});

it('finds the keys among the names of a key folder; days count for the quarantine alone', () => {
  const names = [
    'kek-basic-2026',
    'kek-core-2026.2',
    'kek-quarantine-2026-11-24',
    'secret-session',
  ];
  const found = keksIn([...names, 'kek-basic-2026-11-24', 'kek-quarantine-2026', 'kek-other-2026']);
  expect(found.map(({ pool, epoch }) => `${pool} ${epoch}`)).toEqual([
    ...['basic 2026', 'core 2026.2', 'quarantine 2026-11-24'],
  ]);
  expect(newestContentEpoch(found)).toBe('2026.2');
  expect(newestContentEpoch([])).toBeUndefined();
});

it('finds the epochs of the index, the oldest first, and none of which a key is missing', () => {
  const of = (epoch: string) =>
    ['phone', 'text', 'account'].map((name) => `index-${name}-index-${epoch}`);
  const names = [...of('2026.10'), ...of('2026.2'), ...of('2026'), ...of('2027').slice(1)];
  expect(indexEpochsIn([...names, 'index-phone-index-old'])).toEqual(['2026', '2026.2', '2026.10']);
});
