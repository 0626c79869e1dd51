import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { type Pool, TIERS } from '../record/vocabulary.ts';
import { epochAfter, indexEpochsIn, keksIn, laterEpoch, newestContentEpoch } from './epochs.ts';
import { folderDocuments } from './folder-documents.ts';
import { eraseFile, removeOldDrafts, syncFolder, writeKey } from './key-files.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';
import { keysError, reachingKeys } from './keys-error.ts';
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
  await syncFolder(dirname(folder));
  const master = random.bytes(KEY_BYTES);
  if (!(await writeKey(join(folder, 'master.key'), master))) {
    throw keysError(
      'KEYS_EXIST',
      'there is a master.key already, of a folder that was not finished',
    );
  }
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
 * of new epochs are made when first needed; what an earlier process left half-written is removed. Rejects
 * with KEYS_MISSING, KEYS_UNSAFE_MODE, KEYS_WRONG_ARCHIVE, KEYS_DAMAGED.
 */
export async function openKeyFolder(options: {
  folder: string;
  archiveId: string;
  clock: Clock;
  random: Random;
}): Promise<KeyStore> {
  const { folder, clock, random } = options;
  const archiveId = await archiveOfKeys(folder);
  if (archiveId !== options.archiveId) {
    throw keysError('KEYS_WRONG_ARCHIVE', `the keys are those of archive ${archiveId}`);
  }
  await removeOldDrafts(folder);
  const master = await readFile(join(folder, 'master.key'));
  if (master.length !== KEY_BYTES) throw keysError('KEYS_DAMAGED', 'master.key is not 32 bytes');
  const keys = new Map<string, Buffer>();
  // A process may have been ended, or a flush have failed, just after it named a key.
  await syncFolder(folder);
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.wrapped')) continue;
    const key = await read(name.slice(0, -'.wrapped'.length));
    if (key !== undefined) keys.set(name.slice(0, -'.wrapped'.length), key);
  }
  const making = new Map<string, Promise<Buffer>>();

  /** A key that is in memory, or that another process has made since; what cannot be read is not absent. */
  async function loaded(name: string): Promise<Buffer | undefined> {
    const there = keys.get(name);
    if (there !== undefined) return there;
    const key = await read(name);
    // Whoever named it may not have come to flush its name.
    if (key === undefined) return undefined;
    await syncFolder(folder);
    keys.set(name, key);
    return key;
  }
  async function read(name: string): Promise<Buffer | undefined> {
    const wrapped = await readFile(join(folder, `${name}.wrapped`)).catch(undefinedIfMissing);
    if (wrapped === undefined) return undefined;
    const key = unwrapKey(master, wrapped);
    if (key === undefined) throw keysError('KEYS_DAMAGED', `${name} does not open`);
    return key;
  }
  /** Durable before it is used: what is wrapped under a lost key is lost. */
  async function made(name: string): Promise<Buffer> {
    const there = await loaded(name);
    if (there !== undefined) return there;
    const underWay = making.get(name);
    if (underWay !== undefined) return underWay;
    const work = (async () => {
      const key = random.bytes(KEY_BYTES);
      // Of two processes that make it at once, the first name wins and both use that key.
      const first = await writeKey(join(folder, `${name}.wrapped`), wrapKey(master, key));
      if (first) keys.set(name, key);
      const kept = await loaded(name);
      if (kept === undefined)
        throw keysError('KEYS_DAMAGED', `${name} went away while it was made`);
      return kept;
    })();
    making.set(name, work);
    try {
      return await work;
    } finally {
      making.delete(name);
    }
  }
  const kekFile = ({ pool, epoch }: KekName) => `kek-${pool}-${epoch}`;
  /** Never an earlier one than before, whatever the clock says: what was destroyed stays so. */
  let newest = newestContentEpoch(keksIn(keys.keys()));
  const currentEpoch = (pool: Pool) => {
    const now = clock.now().toISOString();
    return pool === 'quarantine' ? now.slice(0, 10) : laterEpoch(now.slice(0, 4), newest);
  };
  const indexEpochs = () => indexEpochsIn(keys.keys());
  const makeIndexKeys = async (epoch: string) => {
    for (const name of INDEX_SECRET_NAMES) await made(`index-${name}-${epoch}`);
  };
  if (indexEpochs().length === 0) {
    // Whatever was sealed under a key was indexed: a new one in the place of a lost one would find none of it.
    if (keksIn(keys.keys()).length > 0) {
      throw keysError('KEYS_DAMAGED', 'no epoch of the index has all its keys (index-*.wrapped)');
    }
    await makeIndexKeys(currentEpoch('basic'));
  }
  // Folders of the first archives have none yet.
  await made('secret-journal');

  return {
    archiveId,
    suite: SUITE_AES256,
    currentEpoch,
    kekId: async (kek) => {
      const current = kek.epoch === currentEpoch(kek.pool);
      return reachingKeys(async () =>
        fingerprint(current ? await made(kekFile(kek)) : await held(kek)),
      );
    },
    wrap: (kek, secret) => reachingKeys(async () => wrapKey(await made(kekFile(kek)), secret)),
    unwrap: (kek, wrapped) => reachingKeys(async () => unwrapKey(await held(kek), wrapped)),
    epochs: () =>
      reachingKeys(async () => {
        const names = (await readdir(folder)).filter((name) => name.endsWith('.wrapped'));
        return keksIn(names.map((name) => name.slice(0, -'.wrapped'.length)));
      }),
    beginEpoch: () =>
      reachingKeys(async () => {
        const epoch = epochAfter(currentEpoch('basic'));
        for (const pool of TIERS) await made(kekFile({ pool, epoch }));
        newest = epoch;
        return epoch;
      }),
    async destroyEpoch(kind, epoch) {
      const pools: readonly Pool[] = kind === 'quarantine' ? ['quarantine'] : TIERS;
      if (pools.some((pool) => currentEpoch(pool) === epoch)) {
        throw keysError('KEYS_EPOCH_CURRENT', `epoch ${epoch} is the current one`);
      }
      const isOfIndex = kind === 'content' && (await namesIn(folder)).some(isIndexKeyOf(epoch));
      if (isOfIndex && indexEpochs().at(-1) === epoch) {
        throw keysError('KEYS_EPOCH_CURRENT', `the index is still kept in epoch ${epoch}`);
      }
      const names = [
        ...pools.map((pool) => kekFile({ pool, epoch })),
        ...(isOfIndex ? INDEX_SECRET_NAMES.map((name) => `index-${name}-${epoch}`) : []),
      ];
      for (const name of names) {
        keys.get(name)?.fill(0);
        keys.delete(name);
        // What cannot be reached is not gone.
        const erased = () => eraseFile(join(folder, `${name}.wrapped`)).catch(undefinedIfMissing);
        await reachingKeys(erased);
      }
      await reachingKeys(() => syncFolder(folder));
    },
    documents: folderDocuments({ folder, master, random }),
    indexEpochs,
    makeIndexKeys: (epoch) => reachingKeys(() => makeIndexKeys(epoch)),
    secret: (name) => required(keys, `secret-${name}`),
    indexSecret: (name, epoch) => required(keys, `index-${name}-${epoch}`),
  };

  async function held(kek: KekName): Promise<Buffer> {
    const key = await loaded(kekFile(kek));
    if (key !== undefined) return key;
    throw keysError('KEYS_EPOCH_MISSING', `no key of pool ${kek.pool}, epoch ${kek.epoch}`);
  }
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const namesIn = (folder: string) => reachingKeys(() => readdir(folder));
const isIndexKeyOf = (epoch: string) => (file: string) =>
  INDEX_SECRET_NAMES.some((name) => file === `index-${name}-${epoch}.wrapped`);

function required(keys: Map<string, Buffer>, name: string): Buffer {
  const key = keys.get(name);
  if (key === undefined) throw keysError('KEYS_DAMAGED', `${name} is missing`);
  return key;
}

const fingerprint = (key: Buffer): Buffer =>
  createHash('sha256').update('voxkeep/kek-id\0').update(key).digest().subarray(0, 8);

/** Whose keys they are. Rejects with KEYS_MISSING, KEYS_UNSAFE_MODE, KEYS_DAMAGED. */
export async function archiveOfKeys(folder: string): Promise<string> {
  if (!existsSync(join(folder, 'keys.json'))) {
    throw keysError('KEYS_MISSING', 'there is no key folder at the configured place');
  }
  await assertPrivate(folder);
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
