import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock as clock } from '../../core/clock.ts';
import { systemRandom as random } from '../../core/random.ts';
import {
  createEscrowSet,
  createKeyFolder,
  keepEscrowSet,
  openKeyFolder,
  renewBundle,
  writeShare,
} from '../../keys/index.ts';
import { openDirectorySite } from '../../platform/objects/directory-site.ts';
import { keysFromShares } from './keys-from-shares.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
let parent: string;
let files: string[];
let bundle: { setId: string; bytes: Buffer };
const site = () => ({
  ...{ name: 'branch' as const, folder: join(parent, 'branch') },
  limits: { atOnce: 4 },
});

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'voxkeep-shares-'));
  const folder = join(parent, 'keys');
  await createKeyFolder({ folder, archiveId, random });
  const { set, shares } = createEscrowSet({
    ...{ archiveId, threshold: 2, shares: 3, clock, random, earlier: [] },
  });
  files = await Promise.all(
    shares.map(async (share, at) => {
      const file = join(parent, `share-${at}`);
      await writeFile(file, writeShare(share));
      return file;
    }),
  );
  await keepEscrowSet(folder, set);
  const made = await renewBundle({ folder, archiveId, clock, random });
  if (made === undefined) throw new Error('no bundle');
  bundle = made;
  await openDirectorySite({ ...site(), archiveId, create: true });
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const place = async () => {
  const store = await openDirectorySite({ ...site(), archiveId, create: false });
  await store.put('journal', `escrow/${bundle.setId}`, [bundle.bytes]);
};

it('makes the keys of enough shares and the bundle at the site, and leaves those that are there', async () => {
  await place();
  const again = join(parent, 'again');
  await keysFromShares(site(), files.slice(1), again);
  await openKeyFolder({ folder: again, archiveId, clock, random });
  // A recovery that goes on: nothing is read or made.
  await keysFromShares(site(), ['/nowhere'], again);
});

it('makes nothing of too few shares, of none at hand, or where the site has no bundle', async () => {
  const again = join(parent, 'again');
  await expect(keysFromShares(site(), files, again)).rejects.toMatchObject({
    code: 'OBJECT_MISSING',
  });
  await place();
  await expect(keysFromShares(site(), files.slice(2), again)).rejects.toMatchObject({
    code: 'SHARES_TOO_FEW',
  });
  const absent = join(parent, 'absent');
  await expect(keysFromShares(site(), [absent], again)).rejects.toMatchObject({
    code: 'CONFIG_UNREADABLE',
    message: `${absent} cannot be read`,
  });
  expect(await readdir(parent)).not.toContain('again');
});
