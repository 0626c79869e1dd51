import { spawnSync } from 'node:child_process';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { ArchiveError } from '../core/errors.ts';
import { newUuidV7 } from '../core/ids.ts';
import { flushFolder } from '../platform/objects/folder-flush.ts';
import type { Config } from './config.ts';

export const FORMAT = 'voxkeep/archive/v1';

export interface ArchiveFolder {
  archiveId: string;
  keyFolder: string;
  /** True until `made`: the archive is new, or an earlier start did not get to the end. */
  created: boolean;
  /** From now on a site or a key that is missing is a loss, and never made again. */
  made(): Promise<void>;
  /** What only a first start does is not done yet; until `finishFirstStart`. */
  firstStart: boolean;
  finishFirstStart(): Promise<void>;
  unlock(): Promise<void>;
}

/**
 * Opens or makes the data folder and takes its lock, which a killed process does not keep. Rejects
 * with DATA_UNWRITABLE, ARCHIVE_IN_USE, and FORMAT_NEWER for an archive of a newer program.
 */
export async function openArchiveFolder(config: Config, clock: Clock): Promise<ArchiveFolder> {
  const run = join(config.data, 'run');
  const unlock = await makeAndLock(run, config.data);
  try {
    const file = join(config.data, 'archive.json');
    // How far the first start has come: MAKING, then FILLING, then the file is gone.
    const stageFile = join(run, 'first-start');
    if ((await textOf(file)) === undefined) {
      await writeWhole(stageFile, MAKING);
      const about = { format: FORMAT, archiveId: newUuidV7(clock), createdAt: clock.now() };
      await writeWhole(file, `${JSON.stringify(about)}\n`);
    }
    const about = JSON.parse(await readFile(file, 'utf8')) as { format: string; archiveId: string };
    if (about.format !== FORMAT) {
      const message = `the archive has format ${about.format}, which this program does not know`;
      throw new ArchiveError('FORMAT_NEWER', message);
    }
    const { archiveId } = about;
    const keyFolder = config.keys ?? join(homedir(), '.voxkeep', 'keys', archiveId);
    const stage = await textOf(stageFile);
    const created = stage === MAKING;
    return {
      ...{ archiveId, keyFolder, created, firstStart: stage !== undefined, unlock },
      made: async () => {
        if (created) await writeWhole(stageFile, FILLING);
      },
      finishFirstStart: () => rm(stageFile, { force: true }),
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

const MAKING = 'making';
const FILLING = 'filling';

/** Undefined where there is no file. One that cannot be read is there: nothing is made in its place. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Durable: an archive whose number is lost with the power has keys and sites that are nobody's. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = await open(`${file}.new`, 'w', 0o600);
  try {
    await draft.writeFile(text);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(`${file}.new`, file);
  await flushFolder(dirname(file));
}

export async function makeAndLock(run: string, data: string): Promise<() => Promise<void>> {
  try {
    await mkdir(run, { recursive: true, mode: 0o700 });
    return await lock(join(run, 'lock'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof ArchiveError || code === undefined) throw cause;
    const message = `the data folder ${data} cannot be made or written (${code}); --data takes another`;
    throw new ArchiveError('DATA_UNWRITABLE', message, { cause });
  }
}

/** The kernel's lock decides between two starts at once; the process id is for the message. */
async function lock(file: string): Promise<() => Promise<void>> {
  const handle = await open(file, 'a+', 0o600);
  const text = (await readFile(file, 'utf8')).trim();
  const [pid = '', started = ''] = text.split(' ');
  const alive = pid !== '' && started !== '' && (await startOf(pid)) === started;
  if (alive || !lockByKernel(handle)) {
    await handle.close();
    const holder = alive ? `process ${pid}` : 'another process';
    throw new ArchiveError(
      'ARCHIVE_IN_USE',
      `${holder} serves the archive in ${dirname(dirname(file))}`,
    );
  }
  await handle.truncate(0);
  await handle.write(`${process.pid} ${await startOf(String(process.pid))}`, 0);
  return async () => {
    await handle.truncate(0);
    await handle.close();
  };
}

/**
 * flock(2) on the open file: the lock outlives the little program that takes it, and ends with this
 * process. False when another process has it; true also where there is no such program.
 */
function lockByKernel(handle: FileHandle): boolean {
  const stdio = ['ignore' as const, 'ignore' as const, 'ignore' as const, handle.fd];
  return spawnSync('flock', ['--nonblock', '3'], { stdio }).status !== 1;
}

/** When a process began, in the kernel's ticks: a number that is used again has another. */
async function startOf(pid: string): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
