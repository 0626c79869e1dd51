import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A small MP4 (H.264, AAC of two channels) of a drawn picture and the given WAV file. Throws when
 * ffmpeg is missing or fails.
 */
export function drawVideo(wav: Buffer, seconds: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'voxkeep-sample-'));
  try {
    const file = join(folder, 'call.mp4');
    const made = spawnSync(
      'ffmpeg',
      [
        ...['-nostdin', '-v', 'error', '-f', 'wav', '-i', 'pipe:0'],
        ...['-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=8:duration=${seconds}`],
        ...['-map', '1:v', '-map', '0:a', '-t', String(seconds)],
        ...[
          '-c:v',
          'libx264',
          '-preset',
          'slow',
          '-crf',
          '36',
          '-pix_fmt',
          'yuv420p',
          '-threads',
          '1',
        ],
        ...['-c:a', 'aac', '-ar', '16000', '-b:a', '48k', '-fflags', '+bitexact'],
        ...['-flags:v', '+bitexact', '-flags:a', '+bitexact', '-map_metadata', '-1'],
        ...['-movflags', '+faststart', file],
      ],
      { input: wav, maxBuffer: 16 * 1024 * 1024 },
    );
    if (made.status !== 0) throw new Error(`ffmpeg: ${made.error?.message ?? made.stderr}`);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
