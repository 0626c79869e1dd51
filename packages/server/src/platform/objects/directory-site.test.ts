import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SiteStore } from '../../place/ports.ts';
import { siteContract } from '../../place/site-contract.testing.ts';
import { openDirectorySite } from './directory-site.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
const KEY = 'objects/aa/0198a1b2-0000-7000-8000-0000000000aa.vko';
let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'voxkeep-site-'));
  folder = join(parent, 'hq');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const open = (more: Partial<Parameters<typeof openDirectorySite>[0]> = {}) =>
  openDirectorySite({ name: 'hq', folder, archiveId, create: false, ...more });
const rejects = (work: Promise<unknown>, code: string) =>
  expect(work).rejects.toMatchObject({ code });

it('is made only where it is asked for, and never takes a missing folder for an empty site', async () => {
  await rejects(open(), 'SITE_UNREACHABLE');
  await open({ create: true });
  await open();
});

it('refuses the folder of another archive, of another site, and one with other files', async () => {
  await open({ create: true });
  await rejects(open({ archiveId: `${archiveId.slice(0, -1)}2` }), 'SITE_FOREIGN');
  await rejects(open({ name: 'branch' }), 'SITE_FOREIGN');
  const other = join(parent, 'other');
  await mkdir(other);
  await writeFile(join(other, 'photo.jpg'), 'x');
  await rejects(open({ folder: other, create: true }), 'SITE_FOREIGN');
});

it('takes a folder for durable only when it was flushed after it was made, by whomever', async () => {
  const flushes: string[] = [];
  let fails = false;
  const flush = async (path: string) => {
    flushes.push(path.slice(folder.length));
    if (fails) throw Object.assign(new Error('disk'), { code: 'EIO' });
  };
  const above = ['/core/objects', '/core', ''];
  await (await open({ create: true })).put('core', KEY, [Buffer.from('by an earlier process')]);
  const site = await open({ flush });
  fails = true;
  await rejects(site.put('core', KEY, [Buffer.from('sealed')]), 'SITE_UNREACHABLE');
  fails = false;
  flushes.length = 0;
  await site.put('core', KEY, [Buffer.from('sealed')]);
  expect(flushes).toEqual([...above, '/core/objects/aa']);
  flushes.length = 0;
  await site.put('core', KEY, [Buffer.from('again')]);
  expect(flushes).toEqual(['/core/objects/aa']);
});

it('says that it is away while its folder is, writes to no other in its place, and comes back', async () => {
  const site = await open({ create: true });
  await site.put('core', KEY, [Buffer.from('sealed')]);
  await rename(folder, `${folder}.away`);
  await mkdir(folder);
  expect((await site.health()).reachable).toBe(false);
  await rejects(site.stat('core', KEY), 'SITE_UNREACHABLE');
  await rejects(site.put('core', KEY, [Buffer.from('x')]), 'SITE_UNREACHABLE');
  await rm(folder, { recursive: true });
  await rename(`${folder}.away`, folder);
  expect(await site.stat('core', KEY)).toMatchObject({ sizeBytes: 6 });
});

describe('a directory', () => {
  let site: SiteStore;
  beforeAll(async () => {
    const made = await mkdtemp(join(tmpdir(), 'voxkeep-site-'));
    site = await openDirectorySite({
      name: 'hq',
      folder: join(made, 'hq'),
      archiveId,
      create: true,
    });
    return () => rm(made, { recursive: true, force: true });
  });
  siteContract(() => site, { lock: false, largeBytes: 20_000_000 });
});
