import { expect, it } from 'vitest';
import { ArchiveError } from '../core/errors.ts';
import { loadConfig } from './config.ts';

const workFolder = '/work';

it('gives every default, frozen, with paths made absolute', () => {
  const config = loadConfig({}, { workFolder });
  expect(config.data).toBe('/work/data');
  expect(config.sites.branch).toBe('/work/data/sites/branch');
  expect(config.timeZone).toBe('Asia/Shanghai');
  expect(Object.isFrozen(config)).toBe(true);
});

it('prefers the command line to the environment and that to the file', () => {
  const fileText = 'port: 1\nhost: file\ntimeZone: UTC\n';
  const config = loadConfig(
    { VOXKEEP_PORT: '2', VOXKEEP_HOST: 'env' },
    { args: { port: '3' }, fileText, workFolder },
  );
  expect([config.port, config.host, config.timeZone]).toEqual([3, 'env', 'UTC']);
});

it('names every problem at once', () => {
  const read = () =>
    loadConfig(
      { VOXKEEP_PORT: 'many', VOXKEEP_TIME_ZONE: 'Mars/Base', VOXKEEP_SITES: 'moon=/x' },
      { fileText: 'colour: red', workFolder },
    );
  expect(read).toThrow(ArchiveError);
  for (const name of ['port', 'timeZone', 'moon', 'colour']) expect(read).toThrow(name);
});

it.each(['/work', '/work/data', '/work/data/sites/hq/in'])(
  'refuses %s as drop folder: what it would take are our own files',
  (drop) => {
    expect(() => loadConfig({ VOXKEEP_DROP: drop }, { workFolder })).toThrow(/VOXKEEP_DROP/);
  },
);
