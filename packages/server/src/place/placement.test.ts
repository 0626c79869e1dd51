import { expect, test } from 'vitest';
import { ArchiveError } from '../core/errors.ts';
import { changedPlacement, SHIPPED, SITES } from './placement.testing.ts';
import { keptPlacement, loadPlacement, readKeptPlacement } from './placement.ts';

function faultsOf(yaml: string): string[] {
  try {
    loadPlacement(yaml, 'placement.yaml', SITES);
  } catch (error) {
    expect(error).toMatchObject({ code: 'PLACEMENT_INVALID' });
    return (error as ArchiveError).message.split('\n');
  }
  throw new Error('was accepted');
}

const changed = (from: string, to: string) => {
  expect(SHIPPED).toContain(from);
  return SHIPPED.replace(from, to);
};

const BASIC = 'acknowledged: [hq]';
const CORE = '  core:\n    acknowledged: [hq, branch]';
const QUARANTINE = '    acknowledged: [hq, branch]\n';
const lastQuarantine = (to: string) => {
  const at = SHIPPED.lastIndexOf(QUARANTINE);
  return SHIPPED.slice(0, at) + to;
};

test('the shipped file is what its documents say', () => {
  const { pools, daily } = loadPlacement(SHIPPED, 'placement.yaml', SITES);
  expect(daily.at).toBe('02:00');
  expect(pools).toEqual({
    basic: {
      ...{ acknowledged: ['hq'], realtime: [], daily: ['branch', 'cloud'] },
      eviction: { site: 'hq', olderThanMonths: 3, unusedMonths: 3 },
    },
    core: { acknowledged: ['hq', 'branch'], realtime: ['cloud'], daily: [] },
    sensitive: { acknowledged: ['hq', 'branch'], realtime: ['cloud'], daily: [] },
    quarantine: { acknowledged: ['hq', 'branch'], cloudAllowed: false },
  });
});

test.each([
  [
    'a site that there is not',
    changed(BASIC, 'acknowledged: [hp]'),
    'pools/basic/acknowledged/0: there is no site hp',
  ],
  [
    'a pool that waits for no site',
    changed(BASIC, 'acknowledged: []'),
    'pools/basic/acknowledged: names no site',
  ],
  [
    'a site twice',
    changed(CORE, '  core:\n    acknowledged: [hq, cloud]'),
    'pools/core/realtime/0: cloud is there twice',
  ],
  ['an hour that is none', changed('"02:00"', '"24:00"'), 'daily/at: is no time of day'],
  [
    'a field that there is not',
    changed('daily: [branch, cloud]', 'nightly: [branch, cloud]'),
    'Unrecognized key',
  ],
  [
    'a rule of eviction that leaves one copy',
    changed('daily: [branch, cloud]', 'daily: [branch]'),
    'pools/basic/eviction/site: leaves fewer than 2 copies',
  ],
  [
    'a rule of eviction for a site without a copy',
    changed(BASIC, 'acknowledged: [branch]').replace('daily: [branch, cloud]', 'daily: [cloud]'),
    'pools/basic/eviction/site: no copy is wanted at hq',
  ],
  [
    'no months',
    changed('olderThanMonths: 3', 'olderThanMonths: 0'),
    'pools/basic/eviction/olderThanMonths',
  ],
  [
    'a rule of eviction for core',
    changed(CORE, `${CORE}\n    eviction: { site: hq, olderThanMonths: 1, unusedMonths: 1 }`),
    'pools/core: Unrecognized key',
  ],
  [
    'originals in the cloud',
    lastQuarantine('    acknowledged: [hq, cloud]\n'),
    'pools/quarantine/acknowledged/1: originals before redaction stay at home',
  ],
  [
    'further copies of originals',
    lastQuarantine('    acknowledged: [hq]\n    daily: [branch]\n'),
    'pools/quarantine: Unrecognized key',
  ],
  ['a pool too few', SHIPPED.replace('  sensitive:\n', '  secret:\n'), 'pools/sensitive'],
])('refuses %s', (_, yaml, fault) => {
  const faults = faultsOf(yaml);
  expect(faults.join('\n')).toContain(fault);
  expect(faults.every((line) => /^placement\.yaml:\d+ /.test(line))).toBe(true);
});

test('names every fault at once, each with its line', () => {
  const yaml = changed(BASIC, 'acknowledged: [hp]')
    .replace('"02:00"', '"2:00"')
    .replace(CORE, '  core:\n    acknowledged: [hq, hq]')
    .replace('  sensitive:\n', '  sensitive:\n    weekly: [cloud]\n');
  const lineOf = (text: string) => yaml.slice(0, yaml.indexOf(text)).split('\n').length;
  const faults = faultsOf(yaml).map((line) => line.replace(/^(\S+ [^:]+):.*/, '$1'));
  expect(faults).toEqual([
    `placement.yaml:${lineOf('"2:00"')} daily/at`,
    `placement.yaml:${lineOf('[hp]')} pools/basic/acknowledged/0`,
    `placement.yaml:${lineOf('site: hq')} pools/basic/eviction/site`,
    `placement.yaml:${lineOf('[hq, hq]')} pools/core/acknowledged/1`,
    `placement.yaml:${lineOf('weekly')} pools/sensitive`,
  ]);
});

test('originals may be in the cloud where that is written', () => {
  const yaml = lastQuarantine('    acknowledged: [hq, cloud]\n    cloudAllowed: true\n');
  expect(loadPlacement(yaml, 'p', SITES).pools.quarantine.acknowledged).toEqual(['hq', 'cloud']);
});

test('is kept and read back as it is; what says the same has the same digest', () => {
  const policy = loadPlacement(SHIPPED, 'p', SITES);
  const { text, digest } = keptPlacement(policy);
  expect(readKeptPlacement(text)).toEqual(policy);
  const reworded = changed('realtime: []\n', '\n').replace('# At once.', '');
  expect(keptPlacement(loadPlacement(reworded, 'p', SITES)).digest).toBe(digest);
  expect(keptPlacement(changedPlacement(['"02:00"', '"03:00"'])).digest).not.toBe(digest);
});
