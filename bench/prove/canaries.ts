import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrueCall } from './calls.ts';

export interface Canary {
  what: string;
  bytes: Buffer;
}

const WINDOW = 4096;
/** A text shorter than this could stand anywhere by chance. */
const LEAST_BYTES = 6;

/** Every datum in its forms and encodings, and the media in windows: none may lie on a disk. */
export function canariesOf(calls: TrueCall[]): Canary[] {
  const canaries: Canary[] = [];
  for (const call of calls) {
    const texts = new Set([...call.pii.flatMap((one) => one.texts), ...call.written]);
    for (const text of texts) {
      const utf16 = Buffer.from(text, 'utf16le');
      const forms = [Buffer.from(text), utf16, Buffer.from(utf16).swap16()];
      for (const bytes of forms) {
        if (bytes.length >= LEAST_BYTES) canaries.push({ what: `${call.name}: a datum`, bytes });
      }
    }
    for (let at = 0; at + WINDOW <= call.media.length; at += WINDOW) {
      const bytes = call.media.subarray(at, at + WINDOW);
      // Silence is the same in every file.
      if (new Set(bytes.subarray(0, 256)).size > 24)
        canaries.push({ what: `${call.name}: media`, bytes });
    }
  }
  return canaries;
}

/** The canaries found in any file below the folders, wherever in it they stand. */
export function findCanaries(
  folders: string[],
  canaries: Canary[],
): { found: string[]; files: number; bytes: number } {
  const byStart = new Map<number, Canary[]>();
  const first = new Uint8Array(65_536);
  for (const canary of canaries) {
    const start = canary.bytes.readUInt32LE(0);
    byStart.set(start, [...(byStart.get(start) ?? []), canary]);
    first[start & 0xffff] = 1;
  }
  const found = new Set<string>();
  let files = 0;
  let bytes = 0;
  for (const path of folders.flatMap(filesUnder)) {
    const content = readFileSync(path);
    files += 1;
    bytes += content.length;
    for (let at = 0; at + LEAST_BYTES <= content.length; at += 1) {
      if (first[(content[at] as number) | ((content[at + 1] as number) << 8)] === 0) continue;
      for (const canary of byStart.get(content.readUInt32LE(at)) ?? []) {
        const end = at + canary.bytes.length;
        if (end <= content.length && content.subarray(at, end).equals(canary.bytes)) {
          found.add(`${canary.what} in ${path}`);
        }
      }
    }
  }
  return { found: [...found], files, bytes };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
