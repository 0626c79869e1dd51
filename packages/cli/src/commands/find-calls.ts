import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type CallNames, type LoneName, sortCallFiles } from '@voxkeep/contract';
import { CommandError, EXIT } from '../exit-codes.ts';

/** One call on disk: media, sidecar metadata, and what else belongs to it; or one vCon. */
export interface CallFiles {
  name: string;
  media: string;
  /** Undefined for a vCon. */
  metadata: string | undefined;
  transcript: string | undefined;
  screenshots: string[];
}

export interface LoneFile {
  path: string;
  missing: LoneName['missing'];
}

/**
 * The calls at the given files and below the given folders, each once; see `sortCallFiles` for their
 * names. A file stands for its whole call. Links and folders that begin with a dot are passed over.
 * `lone` are media files that lack what makes them a call. Throws PATH_MISSING, PATH_NOT_A_FILE.
 */
export async function findCalls(
  paths: string[],
): Promise<{ calls: CallFiles[]; lone: LoneFile[] }> {
  const calls: CallFiles[] = [];
  const lone: LoneFile[] = [];
  const seen = new Set<string>();
  const byFolder = new Map<string, Set<string>>();
  for (const path of paths) {
    const about = await aboutPath(path);
    if (about.isDirectory()) await addTree(path);
    else if (!about.isFile()) {
      throw new CommandError('PATH_NOT_A_FILE', `${path} is neither file nor folder`, EXIT.usage);
    } else {
      const folder = dirname(path);
      byFolder.set(folder, (byFolder.get(folder) ?? new Set()).add(basename(path)));
    }
  }
  for (const [folder, wanted] of byFolder) await addFolder(folder, wanted);
  return { calls, lone };

  async function addTree(folder: string): Promise<void> {
    for (const name of await addFolder(folder, undefined)) await addTree(join(folder, name));
  }

  /** Adds the calls of one folder, or those with a wanted file; answers the folders in it. */
  async function addFolder(folder: string, wanted: Set<string> | undefined): Promise<string[]> {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const sorted = sortCallFiles(names);
    for (const found of sorted.calls) {
      const call = callAt(folder, found);
      if (seen.has(call.media) || !filesOf(call).some((file) => isWanted(basename(file)))) continue;
      seen.add(call.media);
      calls.push(call);
    }
    for (const { name, missing } of sorted.lone) {
      const path = join(folder, name);
      const noCall = missing === 'metadata' || missing === 'one media file only';
      if (noCall && isWanted(name) && !seen.has(path)) lone.push({ path, missing });
      seen.add(path);
    }
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return folders.filter((name) => !name.startsWith('.')).sort();

    function isWanted(name: string): boolean {
      return wanted === undefined || wanted.has(name);
    }
  }
}

/** All files of a call, the media first. */
export function filesOf(call: CallFiles): string[] {
  const { media, metadata, transcript, screenshots } = call;
  return [media, transcript, ...screenshots, metadata].filter((file) => file !== undefined);
}

function callAt(folder: string, names: CallNames): CallFiles {
  const at = (name: string | undefined) => (name === undefined ? undefined : join(folder, name));
  return {
    ...{ name: names.stem, media: join(folder, names.media), metadata: at(names.metadata) },
    transcript: at(names.transcript),
    screenshots: names.screenshots.map((name) => join(folder, name)),
  };
}

async function aboutPath(path: string): Promise<Stats> {
  try {
    return await lstat(path);
  } catch {
    throw new CommandError('PATH_MISSING', `there is nothing at ${path}`, EXIT.usage);
  }
}
