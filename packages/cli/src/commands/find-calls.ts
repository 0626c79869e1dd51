import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { CommandError, EXIT } from '../exit-codes.ts';

/** One call on disk: media, sidecar metadata, and a transcript when there is one. */
export interface CallFiles {
  name: string;
  media: string;
  metadata: string;
  transcript: string | undefined;
}

const TRANSCRIPT_ENDINGS = ['.transcript.json', '.vtt', '.srt'];
const NOT_MEDIA = ['.json', '.vtt', '.srt', '.md', '.ts', '.txt', '.vcon', '.part', '.tmp'];

/**
 * The calls at the given files and folders: `NAME.wav` with `NAME.json` beside it, and optionally
 * `NAME.transcript.json`, `NAME.vtt` or `NAME.srt`.
 */
export async function findCalls(paths: string[]): Promise<{ calls: CallFiles[]; lone: string[] }> {
  const media: string[] = [];
  for (const path of paths) {
    const about = await stat(path).catch(() => undefined);
    if (about === undefined) {
      throw new CommandError('PATH_MISSING', `there is nothing at ${path}`, EXIT.usage);
    }
    const files = about.isDirectory()
      ? (await readdir(path)).sort().map((name) => join(path, name))
      : [path];
    media.push(...files.filter(isMedia));
  }
  const calls: CallFiles[] = [];
  const lone: string[] = [];
  for (const file of media) {
    const stem = join(dirname(file), basename(file, extname(file)));
    const metadata = `${stem}.json`;
    if (!existsSync(metadata)) {
      lone.push(file);
      continue;
    }
    const transcript = TRANSCRIPT_ENDINGS.map((ending) => stem + ending).find(existsSync);
    calls.push({ name: basename(stem), media: file, metadata, transcript });
  }
  return { calls, lone };
}

function isMedia(file: string): boolean {
  const name = basename(file);
  return !name.startsWith('.') && extname(name) !== '' && !NOT_MEDIA.includes(extname(name));
}
