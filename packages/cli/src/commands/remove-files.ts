import { lstat, unlink } from 'node:fs/promises';
import { type CallFiles, filesOf } from './find-calls.ts';

/** What the files of a call were when they were sent. */
export type FilesMark = ReadonlyMap<string, string>;

export async function markFiles(call: CallFiles): Promise<FilesMark> {
  const marks = new Map<string, string>();
  for (const file of filesOf(call)) marks.set(file, (await markOf(file)) ?? '');
  return marks;
}

/**
 * Unlinks the files of a call, unless one is not what it was when it was sent. The media goes
 * first: what an interruption leaves can no longer be mistaken for a call that was not sent.
 */
export async function removeFiles(marks: FilesMark): Promise<'removed' | 'changed'> {
  for (const [file, mark] of marks) if ((await markOf(file)) !== mark) return 'changed';
  for (const file of marks.keys()) await unlink(file);
  return 'removed';
}

async function markOf(file: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await lstat(file, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch {
    return undefined;
  }
}
