import { dirname } from 'node:path';
import type { FileCall } from './trace.ts';

const WRITES = ['write', 'writev', 'pwrite64', 'pwritev', 'ftruncate'];
const FLUSHES = ['fsync', 'fdatasync'];
const NAMINGS = ['rename', 'renameat', 'renameat2', 'link', 'linkat'];

/**
 * What gets a name is whole and was flushed, by the calls as the kernel saw them: a file that a call
 * failed on is given up, for after a failed flush a later one that succeeds says nothing.
 */
export function judgeOrder(calls: readonly FileCall[], places: readonly string[]): string[] {
  const problems: string[] = [];
  const drafts = new Map<string, { unflushed: boolean; failed: string | undefined }>();
  const ours = (path: string) => places.some((place) => path.startsWith(`${place}/`));
  for (const { name, paths, writes, result } of calls) {
    const [path = '', target = ''] = paths;
    if (!ours(path)) continue;
    const draft = drafts.get(path);
    if (name === 'openat') {
      if (writes && (result ?? -1) >= 0) drafts.set(path, { unflushed: true, failed: undefined });
      continue;
    }
    if (draft === undefined) continue;
    if (NAMINGS.includes(name)) {
      if (result === 0 && draft.failed !== undefined) {
        problems.push(`${target} was named although ${draft.failed} failed on its draft`);
      } else if (result === 0 && draft.unflushed) {
        problems.push(`${target} was named before it was flushed`);
      }
      if (result === 0) drafts.delete(path);
    } else if (WRITES.includes(name) || FLUSHES.includes(name) || name === 'close') {
      if ((result ?? 0) < 0) draft.failed ??= name;
      if (WRITES.includes(name)) draft.unflushed = true;
      if (FLUSHES.includes(name) && result === 0) draft.unflushed = false;
    }
  }
  return problems;
}

/** Those of the files and folders that had no name, or whose name could be lost, at that moment. */
export function notDurableAt(
  calls: readonly FileCall[],
  files: readonly string[],
  atMs: number,
): string[] {
  const before = calls.filter(({ result, endedAtMs }) => result === 0 && endedAtMs <= atMs + 1);
  return files.filter((file) => {
    const named = before.findIndex(
      ({ name, paths }) =>
        (NAMINGS.includes(name) && paths[1] === file) ||
        (name.startsWith('mkdir') && paths[0] === file),
    );
    const flushed = before.findLastIndex(
      ({ name, paths }) => FLUSHES.includes(name) && paths[0] === dirname(file),
    );
    return named < 0 || flushed < named;
  });
}

/** Folders that were made, and files that were named below `place`: what is in them stands on these. */
export function madeIn(calls: readonly FileCall[], place: string): string[] {
  const made = calls.flatMap(({ name, paths, result }) => {
    const isNamed = NAMINGS.includes(name);
    if (result !== 0 || !(isNamed || name === 'mkdir' || name === 'mkdirat')) return [];
    const path = paths[isNamed ? 1 : 0] ?? '';
    return path.startsWith(`${place}/`) && !path.endsWith('/.drafts') ? [path] : [];
  });
  return [...new Set(made)];
}
