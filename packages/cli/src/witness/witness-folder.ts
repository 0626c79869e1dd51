import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Cosigner,
  cosigner,
  type KnownLog,
  LogError,
  logName,
  openCheckpoint,
} from '@voxkeep/proof';
import { writeDurably } from '../durable-file.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const FORMAT = 'voxkeep/witness/v1';
const KEY = 'witness.key';
const LOGS = 'logs';
const LOCK = 'lock';
/** A log that contradicts itself does so as often as it is asked. */
const MOST_EVIDENCE = 100;

/** A witness's key and memory. */
export interface WitnessFolder {
  cosigner: Cosigner;
  /** What is known of the log of that origin; undefined for a log that is not trusted. */
  logOf(origin: string): KnownLog | undefined;
  origins(): string[];
  /** The checkpoint that was countersigned last, with this witness's line. */
  latest(origin: string): string | undefined;
  /** Durable before it resolves; only then may the line leave. */
  remember(origin: string, note: string): Promise<void>;
  /** Keeps a checkpoint that contradicts what was seen. */
  keepEvidence(note: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes a witness's folder with a new key; gives its verifier key. Rejects with FOLDER_USED. */
export async function createWitness(folder: string, name: string): Promise<string> {
  const seed = randomBytes(32);
  const made = checked(() => cosigner(name, seed));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) {
    throw new CommandError('FOLDER_USED', `${folder} is not empty`, EXIT.usage);
  }
  for (const one of ['state', 'evidence']) await mkdir(join(folder, one), { mode: 0o700 });
  const key = { format: FORMAT, name, seed: seed.toString('base64') };
  await writeDurably(join(folder, LOGS), '');
  await writeDurably(join(folder, KEY), `${JSON.stringify(key)}\n`);
  return made.vkey;
}

/** Lets the witness countersign a log. Rejects with KEY_BAD, LOG_KNOWN. */
export async function trustLog(folder: string, vkey: string): Promise<string> {
  const origin = checked(() => logName(vkey));
  const known = await trustedLogs(folder);
  if (known.has(origin)) {
    throw new CommandError('LOG_KNOWN', `a key of ${origin} is trusted already`, EXIT.usage);
  }
  await writeDurably(join(folder, LOGS), `${[...known.values(), vkey].join('\n')}\n`);
  return origin;
}

/**
 * Opens a witness's folder for one process. Rejects with FOLDER_BAD, KEY_UNSAFE_MODE,
 * WITNESS_IN_USE, STATE_INVALID: a witness that does not know what it signed signs nothing.
 */
export async function openWitness(folder: string): Promise<WitnessFolder> {
  const signer = await readKey(join(folder, KEY));
  const unlock = await lock(join(folder, LOCK));
  try {
    const logs = await trustedLogs(folder);
    const latest = new Map<string, string>();
    const known = new Map<string, KnownLog>();
    for (const [origin, vkey] of logs) {
      const file = stateFile(folder, origin);
      const note = existsSync(file) ? await readFile(file, 'utf8') : undefined;
      if (note !== undefined) latest.set(origin, note);
      known.set(origin, { vkey, seen: note === undefined ? undefined : seenIn(note, vkey, file) });
    }
    return {
      cosigner: signer,
      logOf: (origin) => known.get(origin),
      origins: () => [...known.keys()],
      latest: (origin) => latest.get(origin),
      async remember(origin, note) {
        const vkey = known.get(origin)?.vkey ?? '';
        const { size, root } = openCheckpoint(note, vkey);
        await writeDurably(stateFile(folder, origin), note);
        latest.set(origin, note);
        known.set(origin, { vkey, seen: { size, root } });
      },
      async keepEvidence(note) {
        const name = createHash('sha256').update(note).digest('hex').slice(0, 32);
        const place = join(folder, 'evidence');
        if ((await readdir(place)).length >= MOST_EVIDENCE) return;
        await writeFile(join(place, name), note, { mode: 0o600 });
      },
      close: unlock,
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function readKey(file: string): Promise<Cosigner> {
  const about = await stat(file).catch(() => undefined);
  if (about === undefined) {
    throw new CommandError('FOLDER_BAD', `there is no ${file}; see witness init`, EXIT.usage);
  }
  if ((about.mode & 0o077) !== 0) {
    throw new CommandError('KEY_UNSAFE_MODE', `others may read ${file}`, EXIT.usage);
  }
  try {
    const { format, name, seed } = JSON.parse(await readFile(file, 'utf8'));
    if (format === FORMAT) return cosigner(name, Buffer.from(seed, 'base64'));
  } catch {
    // Told below; what the file holds is not repeated.
  }
  throw new CommandError('FOLDER_BAD', `${file} is no witness's key`, EXIT.usage);
}

/** Verifier keys by origin. */
async function trustedLogs(folder: string): Promise<Map<string, string>> {
  const text = await readFile(join(folder, LOGS), 'utf8').catch(() => {
    throw new CommandError('FOLDER_BAD', `there is no ${join(folder, LOGS)}`, EXIT.usage);
  });
  const keys = text.split('\n').filter((line) => line !== '');
  return new Map(keys.map((vkey) => [checked(() => logName(vkey)), vkey]));
}

function seenIn(note: string, vkey: string, file: string) {
  try {
    const { size, root } = openCheckpoint(note, vkey);
    return { size, root };
  } catch {
    throw new CommandError('STATE_INVALID', `${file} is not what this witness signed`);
  }
}

function stateFile(folder: string, origin: string): string {
  return join(folder, 'state', createHash('sha256').update(origin).digest('hex').slice(0, 32));
}

/** Two processes with one memory could countersign two histories. */
async function lock(file: string): Promise<() => Promise<void>> {
  for (let turn = 0; turn < 2; turn += 1) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const pid = Number(await readFile(file, 'utf8').catch(() => ''));
      if (pid > 0 && isAlive(pid)) {
        const message = `process ${pid} uses this folder`;
        throw new CommandError('WITNESS_IN_USE', message, EXIT.usage);
      }
      await rm(file, { force: true });
    }
  }
  throw new CommandError('WITNESS_IN_USE', 'another process uses this folder', EXIT.usage);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw new CommandError('KEY_BAD', error.message, EXIT.usage);
  }
}
