import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CallNames, sortCallFiles } from '@voxkeep/contract';
import { lookAt, type SourceFile } from './source-file.ts';

/** Ours, in the drop folder itself. */
const RECEIPT_FOLDERS = ['done', 'refused'];
const DEEPEST = 16;

/** All files of one call, complete by their names. */
export interface FoundCall {
  /** Where it is within the drop folder, without an ending. */
  key: string;
  stem: string;
  media: SourceFile;
  /** Undefined for a vCon. */
  metadata: SourceFile | undefined;
  transcript: SourceFile | undefined;
  screenshots: SourceFile[];
  files: SourceFile[];
  /** Changes when any of its files does, or one comes or goes. */
  fingerprint: string;
}

export interface Walk {
  /** Folders take turns, so that a full one does not hold up the others; the oldest call first. */
  calls: FoundCall[];
  lone: { key: string; name: string; missing: string }[];
  /** Links, devices, pipes and sockets: never opened. */
  strange: { key: string; name: string }[];
}

/** Looks through the drop folder. Rejects when the folder itself cannot be read. */
export async function walkDrop(root: string): Promise<Walk> {
  const walk: Walk = { calls: [], lone: [], strange: [] };
  const byFolder: FoundCall[][] = [];
  await walkFolder('', 0);
  walk.calls = inTurns(byFolder);
  return walk;

  async function walkFolder(folder: string, depth: number): Promise<void> {
    let entries: Dirent[];
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      if (depth === 0) throw error;
      walk.lone.push({ key: folder, name: lastOf(folder), missing: 'permission to read it' });
      return;
    }
    const names: string[] = [];
    const folders: string[] = [];
    for (const entry of entries) {
      const { name } = entry;
      if (name.startsWith('.') || (depth === 0 && RECEIPT_FOLDERS.includes(name))) continue;
      if (entry.isFile()) names.push(name);
      else if (entry.isDirectory()) folders.push(name);
      else walk.strange.push({ key: join(folder, name), name });
    }
    const { calls, lone } = sortCallFiles(names);
    for (const { name, missing } of lone)
      walk.lone.push({ key: join(folder, name), name, missing });
    const found: FoundCall[] = [];
    for (const one of calls) {
      const call = await findCall(root, folder, one);
      if (call === undefined) continue;
      if (call.media.sizeBytes > 0) found.push(call);
      else walk.lone.push({ key: call.key, name: call.media.name, missing: 'bytes' });
    }
    byFolder.push(
      found.sort((a, b) => a.media.modifiedAt.getTime() - b.media.modifiedAt.getTime()),
    );
    for (const name of depth < DEEPEST ? folders : []) {
      await walkFolder(join(folder, name), depth + 1);
    }
  }
}

/** Undefined when a file went away since the folder was read. */
async function findCall(
  root: string,
  folder: string,
  names: CallNames,
): Promise<FoundCall | undefined> {
  const wanted = [names.media, names.metadata, names.transcript, ...names.screenshots];
  const looked = await Promise.all(
    wanted.map(async (name) => (name === undefined ? undefined : lookAt(root, folder, name))),
  );
  const gone = wanted.some((name, at) => name !== undefined && looked[at] === undefined);
  const [media, metadata, transcript, ...screenshots] = looked;
  if (gone || media === undefined) return undefined;
  const files = looked.filter((file) => file !== undefined);
  return {
    // Two vCons, or a vCon and a call, may share a stem.
    key: join(folder, names.metadata === undefined ? names.media : names.stem),
    stem: names.stem,
    ...{ media, metadata, transcript, files },
    screenshots: screenshots.filter((file) => file !== undefined),
    fingerprint: files.map((file) => `${file.name}\0${file.identity}`).join('\0'),
  };
}

function inTurns(folders: FoundCall[][]): FoundCall[] {
  const calls: FoundCall[] = [];
  for (let turn = 0; folders.some((folder) => turn < folder.length); turn += 1) {
    for (const folder of folders) {
      const call = folder[turn];
      if (call !== undefined) calls.push(call);
    }
  }
  return calls;
}

const lastOf = (folder: string) => folder.split('/').at(-1) ?? '';
