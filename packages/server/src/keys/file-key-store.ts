import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { POOLS, type Pool } from '../record/vocabulary.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';
import { keysError } from './keys-error.ts';
import {
  INDEX_SECRET_NAMES,
  type KekName,
  type KeyStore,
  SECRET_NAMES,
  SUITE_AES256,
} from './ports.ts';

const FORMAT = 'voxkeep/keys/v1';
const KEY_BYTES = 32;
const OTHERS = 0o077;

/** Refuses a key folder that lies in a folder of data, or the other way round: KEYS_INSIDE_DATA. */
export async function assertKeysApart(keyFolder: string, dataFolders: string[]): Promise<void> {
  const keys = await realName(keyFolder);
  for (const folder of dataFolders) {
    const data = await realName(folder);
    if (
      `${keys}${sep}`.startsWith(`${data}${sep}`) ||
      `${data}${sep}`.startsWith(`${keys}${sep}`)
    ) {
      throw keysError('KEYS_INSIDE_DATA', 'keys and data must not lie in one folder');
    }
  }
}

async function realName(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const at = path.lastIndexOf(sep);
    return at <= 0 ? path : join(await realName(path.slice(0, at)), path.slice(at + 1));
  }
}

/** Makes the key folder of a new archive. Rejects with KEYS_EXIST. */
export async function createKeyFolder(options: {
  folder: string;
  archiveId: string;
  random: Random;
}): Promise<void> {
  const { folder, archiveId, random } = options;
  if (existsSync(join(folder, 'keys.json'))) {
    throw keysError('KEYS_EXIST', 'there is a key folder already');
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const master = random.bytes(KEY_BYTES);
  await writeKey(join(folder, 'master.key'), master);
  for (const name of SECRET_NAMES) {
    await writeKey(
      join(folder, `secret-${name}.wrapped`),
      wrapKey(master, random.bytes(KEY_BYTES)),
    );
  }
  const about = JSON.stringify({ format: FORMAT, archiveId, suite: SUITE_AES256 });
  await writeKey(join(folder, 'keys.json'), Buffer.from(`${about}\n`));
}

/**
 * The keystore of a folder: a master key file and every other key wrapped under it, all 0600. Keys
 * of new epochs are made when first needed. Rejects with KEYS_MISSING, KEYS_UNSAFE_MODE,
 * KEYS_WRONG_ARCHIVE, KEYS_DAMAGED.
 */
export async function openKeyFolder(options: {
  folder: string;
  archiveId: string;
  clock: Clock;
  random: Random;
}): Promise<KeyStore> {
  const { folder, clock, random } = options;
  if (!existsSync(join(folder, 'keys.json'))) {
    throw keysError('KEYS_MISSING', 'there is no key folder at the configured place');
  }
  await assertPrivate(folder);
  const archiveId = await archiveOf(folder);
  if (archiveId !== options.archiveId) {
    throw keysError('KEYS_WRONG_ARCHIVE', `the keys are those of archive ${archiveId}`);
  }
  const master = await readFile(join(folder, 'master.key'));
  if (master.length !== KEY_BYTES) throw keysError('KEYS_DAMAGED', 'master.key is not 32 bytes');
  const keys = new Map<string, Buffer>();
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.wrapped')) continue;
    const key = unwrapKey(master, await readFile(join(folder, name)));
    if (key === undefined) throw keysError('KEYS_DAMAGED', `${name} does not open`);
    keys.set(name.slice(0, -'.wrapped'.length), key);
  }
  const making = new Map<string, Promise<Buffer>>();

  /** Durable before it is used: what is wrapped under a lost key is lost. */
  async function made(name: string): Promise<Buffer> {
    const there = keys.get(name);
    if (there !== undefined) return there;
    const underWay = making.get(name);
    if (underWay !== undefined) return underWay;
    const work = (async () => {
      const key = random.bytes(KEY_BYTES);
      await writeKey(join(folder, `${name}.wrapped`), wrapKey(master, key));
      keys.set(name, key);
      return key;
    })();
    making.set(name, work);
    try {
      return await work;
    } finally {
      making.delete(name);
    }
  }
  const kekFile = ({ pool, epoch }: KekName) => `kek-${pool}-${epoch}`;
  const currentEpoch = (pool: Pool) =>
    clock
      .now()
      .toISOString()
      .slice(0, pool === 'quarantine' ? 10 : 4);
  const contentEpoch = currentEpoch('basic');
  for (const name of INDEX_SECRET_NAMES) await made(`index-${name}-${contentEpoch}`);

  return {
    archiveId,
    suite: SUITE_AES256,
    currentEpoch,
    kekId: async (kek) => fingerprint(await held(kek)),
    wrap: async (kek, secret) => wrapKey(await made(kekFile(kek)), secret),
    unwrap: async (kek, wrapped) => unwrapKey(await held(kek), wrapped),
    async destroyEpoch(kind, epoch) {
      const pools =
        kind === 'quarantine' ? ['quarantine'] : POOLS.filter((pool) => pool !== 'quarantine');
      for (const pool of pools) {
        const name = `kek-${pool}-${epoch}`;
        keys.get(name)?.fill(0);
        keys.delete(name);
        if (existsSync(join(folder, `${name}.wrapped`)))
          await unlink(join(folder, `${name}.wrapped`));
      }
    },
    secret: (name) => required(keys, `secret-${name}`),
    indexSecret: (name, epoch) => required(keys, `index-${name}-${epoch}`),
  };

  async function held(kek: KekName): Promise<Buffer> {
    const key = keys.get(kekFile(kek));
    if (key !== undefined) return key;
    if (kek.epoch === currentEpoch(kek.pool)) return made(kekFile(kek));
    throw keysError('KEYS_EPOCH_MISSING', `no key of pool ${kek.pool}, epoch ${kek.epoch}`);
  }
}

function required(keys: Map<string, Buffer>, name: string): Buffer {
  const key = keys.get(name);
  if (key === undefined) throw keysError('KEYS_DAMAGED', `${name} is missing`);
  return key;
}

const fingerprint = (key: Buffer): Buffer =>
  createHash('sha256').update('voxkeep/kek-id\0').update(key).digest().subarray(0, 8);

async function archiveOf(folder: string): Promise<string> {
  try {
    const about = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as {
      format: string;
      archiveId: string;
    };
    if (about.format === FORMAT) return about.archiveId;
  } catch (cause) {
    throw keysError('KEYS_DAMAGED', 'keys.json does not read', cause);
  }
  throw keysError('KEYS_DAMAGED', 'keys.json is of a format that this program does not know');
}

async function assertPrivate(folder: string): Promise<void> {
  for (const name of ['.', ...(await readdir(folder))]) {
    const { mode } = await stat(join(folder, name));
    if ((mode & OTHERS) !== 0) {
      throw keysError('KEYS_UNSAFE_MODE', `others may read or change ${name}; remove that right`);
    }
  }
}

async function writeKey(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const folder = await open(join(path, '..'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
