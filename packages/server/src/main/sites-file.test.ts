import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSitesFile } from './sites-file.ts';

const example = join(import.meta.dirname, '../../../../config/sites.example.yaml');
const source = { name: 'sites.yaml', folder: '/etc/voxkeep' };
const folders = (more = '') => `sites:
  - { name: hq, folder: hq }
  - { name: branch, folder: /srv/branch }
${more}`;
const problemsOf = (yaml: string): string => {
  try {
    readSitesFile(yaml, source);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

it('reads the example, its files beside it', async () => {
  const [hq, branch, cloud] = readSitesFile(await readFile(example, 'utf8'), source);
  expect(hq).toMatchObject({ name: 'hq', folder: '/srv/voxkeep/hq', limits: { atOnce: 32 } });
  expect(branch?.limits).toEqual({ atOnce: 16, mebibytesPerSecond: 20 });
  expect(cloud?.s3?.areas.core).toEqual({
    bucket: 'voxkeep-core',
    prefix: '',
    credentialsFile: '/etc/voxkeep/cloud-core.json',
  });
  expect(cloud?.s3?.envelopes.core.bucket).not.toBe(cloud?.s3?.areas.core.bucket);
});

it('names every mistake with its line', () => {
  expect(problemsOf(folders())).toContain('has no site cloud');
  expect(problemsOf(folders('  - { name: cloud, folder: c, s3: {} }'))).toContain('sites.yaml:4');
  expect(problemsOf(folders('  - { name: cloud }'))).toContain('either a folder or s3');
  expect(
    problemsOf(folders('  - { name: cloud, folder: c }\n  - { name: hq, folder: d }')),
  ).toMatch(/sites\.yaml:5 .*is there twice/);
  expect(problemsOf(folders('  - { name: moon, folder: c }'))).toContain('sites.yaml:4');
});

it('refuses plain HTTP beyond the host, and two places in one', async () => {
  const yaml = await readFile(example, 'utf8');
  expect(problemsOf(yaml.replace('https://', 'http://'))).toContain('has to be https://');
  const one = yaml.replaceAll('bucket: voxkeep-basic', 'bucket: voxkeep-core');
  expect(problemsOf(one)).toContain('lies in the place of');
});
