import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diskUnder } from './disk-under.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'voxkeep-disk-')));
  folder = join(root, 'with space');
  await mkdir(folder);
  await mkdir(join(root, 'dev'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A kernel in which the folder is the mount of this device. */
async function kernel(number: string, fileSystem = 'ext4', source = '/dev/mapper/x') {
  const at = folder.replaceAll(' ', '\\040');
  const lines = [
    '21 1 0:20 / / rw - overlay overlay rw',
    `22 21 ${number} / ${at} rw,relatime shared:1 - ${fileSystem} ${source} rw`,
  ];
  await writeFile(join(root, 'mountinfo'), `${lines.join('\n')}\n`);
  return { mounts: join(root, 'mountinfo'), devices: join(root, 'dev') };
}

/** A device of the kernel; with a UUID it is the device mapper's. */
async function device(name: string, more: { number?: string; uuid?: string; slaves?: string[] }) {
  const path = join(root, 'sys', name);
  await mkdir(join(path, 'slaves'), { recursive: true });
  if (more.uuid !== undefined) {
    await mkdir(join(path, 'dm'));
    await writeFile(join(path, 'dm/uuid'), `${more.uuid}\n`);
  }
  for (const slave of more.slaves ?? []) {
    await symlink(join(root, 'sys', slave), join(path, 'slaves', slave));
  }
  if (more.number !== undefined) await symlink(path, join(root, 'dev', more.number));
}

test('a folder on dm-crypt is encrypted, also below LVM', async () => {
  await device('sda', {});
  await device('dm-0', { uuid: 'CRYPT-LUKS2-aa-luks', slaves: ['sda'] });
  await device('dm-1', { number: '253:1', uuid: 'LVM-bb', slaves: ['dm-0'] });
  expect(await diskUnder(folder, await kernel('253:1'))).toEqual({
    ...{ encrypted: 'yes', how: 'dm-crypt' },
  });
});

test('one plain disk among those of an array, and a plain partition, are not', async () => {
  await device('sda', {});
  await device('dm-0', { uuid: 'CRYPT-LUKS2-aa-luks', slaves: ['sda'] });
  await device('md0', { number: '9:0', slaves: ['dm-0', 'sda'] });
  const no = { encrypted: 'no', how: 'block-device' };
  expect(await diskUnder(folder, await kernel('9:0'))).toEqual(no);
  await mkdir(join(root, 'sys/sda/sda1'));
  await writeFile(join(root, 'sys/sda/sda1/partition'), '1\n');
  await symlink(join(root, 'sys/sda/sda1'), join(root, 'dev/8:1'));
  expect(await diskUnder(folder, await kernel('8:1'))).toEqual(no);
});

test('what has no block device of its own, or is not there, cannot be told', async () => {
  expect(await diskUnder(folder, await kernel('0:50', 'nfs4', 'host:/share'))).toEqual({
    ...{ encrypted: 'unknown', how: 'nfs4' },
  });
  expect(await diskUnder(join(root, 'dev'), await kernel('0:50'))).toMatchObject({
    ...{ encrypted: 'unknown', how: 'overlay' },
  });
  expect(await diskUnder(join(root, 'none'), await kernel('0:50'))).toMatchObject({
    encrypted: 'unknown',
  });
});
