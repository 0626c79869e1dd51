import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What is known of the disk below a folder. */
export interface DiskBelow {
  encrypted: 'yes' | 'no' | 'unknown';
  /** 'dm-crypt', 'block-device', or the file system that says nothing: 'overlay', 'nfs4', 'zfs' … */
  how: string;
}

/** Where the kernel tells of mounts and devices; another place for tests. */
export interface Kernel {
  mounts: string;
  devices: string;
}
const KERNEL: Kernel = { mounts: '/proc/self/mountinfo', devices: '/sys/dev/block' };

/**
 * Whether the disk below a folder is encrypted by dm-crypt, also below LVM or RAID: only when every device
 * that it is made of is. A file system without a block device of its own cannot be told: `unknown`.
 */
export async function diskUnder(folder: string, kernel: Kernel = KERNEL): Promise<DiskBelow> {
  const place = await realpath(folder).catch(() => undefined);
  if (place === undefined) return { encrypted: 'unknown', how: 'missing' };
  const mount = await mountOf(place, kernel);
  if (mount === undefined) return { encrypted: 'unknown', how: 'unmounted' };
  const number = await deviceOf(mount);
  if (number === undefined) return { encrypted: 'unknown', how: mount.fileSystem };
  const device = await realpath(join(kernel.devices, number)).catch(() => undefined);
  if (device === undefined) return { encrypted: 'unknown', how: mount.fileSystem };
  return (await isCrypted(device))
    ? { encrypted: 'yes', how: 'dm-crypt' }
    : { encrypted: 'no', how: 'block-device' };
}

interface Mount {
  number: string;
  at: string;
  fileSystem: string;
  source: string;
}

/** The mount that the path lies in: of several over one another, the last. proc(5). */
async function mountOf(path: string, { mounts }: Kernel): Promise<Mount | undefined> {
  const text = await readFile(mounts, 'utf8').catch(() => '');
  let found: Mount | undefined;
  for (const line of text.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , number = '', , at = ''] = before.split(' ');
    const [fileSystem = 'unknown', source = ''] = after.split(' ');
    const point = unescaped(at);
    const holds = path === point || path.startsWith(point === '/' ? '/' : `${point}/`);
    if (point === '' || !holds || point.length < (found?.at.length ?? 0)) continue;
    found = { number, at: point, fileSystem, source: unescaped(source) };
  }
  return found;
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );

/** Its number, or that of the device that it names: some file systems have numbers of no device. */
async function deviceOf({ number, source }: Mount): Promise<string | undefined> {
  if (!number.startsWith('0:')) return number;
  if (!source.startsWith('/dev/')) return undefined;
  const about = await stat(source).catch(() => undefined);
  if (about === undefined || !about.isBlockDevice()) return undefined;
  // glibc's numbering of devices, gnu_dev_major(3).
  const major = ((about.rdev >> 8) & 0xfff) | 0;
  const minor = (about.rdev & 0xff) | ((about.rdev >> 12) & 0xfff00);
  return `${major}:${minor}`;
}

/** By the device itself, or by every one that it is made of; a part of a disk is what the disk is. */
async function isCrypted(device: string, depth = 0): Promise<boolean> {
  const uuid = await readFile(join(device, 'dm/uuid'), 'utf8').catch(() => '');
  if (uuid.startsWith('CRYPT-')) return true;
  if (depth > 8) return false;
  const slaves = await readdir(join(device, 'slaves')).catch(() => undefined);
  if (slaves === undefined) {
    const isPart = (await readFile(join(device, 'partition'), 'utf8').catch(() => '')) !== '';
    return isPart ? isCrypted(dirname(device), depth + 1) : false;
  }
  if (slaves.length === 0) return false;
  const all = await Promise.all(
    slaves.map(async (name) => {
      const below = await realpath(join(device, 'slaves', name)).catch(() => undefined);
      return below !== undefined && (await isCrypted(below, depth + 1));
    }),
  );
  return all.every(Boolean);
}
