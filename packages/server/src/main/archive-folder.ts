import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { ArchiveError } from '../core/errors.ts';
import { newUuidV7 } from '../core/ids.ts';
import type { Config } from './config.ts';

const FORMAT = 'voxkeep/archive/v1';

export interface ArchiveFolder {
  archiveId: string;
  keyFolder: string;
  /** True when the archive was made just now. */
  created: boolean;
  unlock(): Promise<void>;
}

/**
 * Opens or makes the data folder and takes its lock, which a killed process does not keep. Rejects
 * with ARCHIVE_IN_USE, and FORMAT_NEWER for an archive that a newer program wrote.
 */
export async function openArchiveFolder(config: Config, clock: Clock): Promise<ArchiveFolder> {
  await mkdir(join(config.data, 'run'), { recursive: true, mode: 0o700 });
  const unlock = await lock(join(config.data, 'run', 'lock'));
  try {
    const file = join(config.data, 'archive.json');
    const created = !existsSync(file);
    if (created) {
      const about = { format: FORMAT, archiveId: newUuidV7(clock), createdAt: clock.now() };
      await writeFile(`${file}.new`, `${JSON.stringify(about)}\n`, { mode: 0o600 });
      await rename(`${file}.new`, file);
    }
    const about = JSON.parse(await readFile(file, 'utf8')) as { format: string; archiveId: string };
    if (about.format !== FORMAT) {
      const message = `the archive has format ${about.format}, which this program does not know`;
      throw new ArchiveError('FORMAT_NEWER', message);
    }
    const { archiveId } = about;
    const keyFolder = config.keys ?? join(homedir(), '.voxkeep', 'keys', archiveId);
    return { archiveId, keyFolder, created, unlock };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function lock(file: string): Promise<() => Promise<void>> {
  const handle = await open(file, 'a+', 0o600);
  const text = (await readFile(file, 'utf8')).trim();
  const [pid = '', started = ''] = text.split(' ');
  if (pid !== '' && started !== '' && (await startOf(pid)) === started) {
    await handle.close();
    throw new ArchiveError('ARCHIVE_IN_USE', `process ${pid} serves this archive`);
  }
  await handle.truncate(0);
  await handle.write(`${process.pid} ${await startOf(String(process.pid))}`, 0);
  return async () => {
    await handle.truncate(0);
    await handle.close();
  };
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
