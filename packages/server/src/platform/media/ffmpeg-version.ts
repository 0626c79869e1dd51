import { spawnSync } from 'node:child_process';

let known: string | undefined;

/** The first line that ffmpeg says of itself; undefined while there is none on the path. */
export function ffmpegVersion(): string | undefined {
  known ??= spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' }).stdout?.split('\n')[0];
  return known;
}
