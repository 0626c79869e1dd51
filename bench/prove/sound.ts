import { spawnSync } from 'node:child_process';

export interface Sound {
  sampleRate: number;
  channels: Int16Array[];
}

/** Decodes what a player would get, with a decoder that the archive's own code has no part in. */
export function decodeSound(bytes: Buffer, channels: number, sampleRate: number): Sound {
  const args = ['-v', 'error', '-i', 'pipe:0', '-vn', '-ac', String(channels)];
  const pcm = spawnSync('ffmpeg', [...args, '-ar', String(sampleRate), '-f', 's16le', 'pipe:1'], {
    input: bytes,
    maxBuffer: 1024 ** 3,
  }).stdout;
  const frames = Math.floor(pcm.length / 2 / channels);
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) =>
      Int16Array.from({ length: frames }, (_, frame) =>
        pcm.readInt16LE((frame * channels + channel) * 2),
      ),
    ),
  };
}

/**
 * The loudest 20 ms of a stretch once its strongest single tone is taken out, as a root mean square
 * of 16-bit values: near nothing where only a tone is, hundreds where somebody speaks.
 */
export function speechUnder(sound: Sound, channel: number, startMs: number, endMs: number): number {
  const samples = sound.channels[channel];
  if (samples === undefined) throw new Error(`no channel ${channel}`);
  const at = (ms: number) => Math.round((ms * sound.sampleRate) / 1000);
  const window = at(20);
  let loudest = 0;
  for (let start = at(startMs); start + window <= at(endMs); start += window) {
    loudest = Math.max(
      loudest,
      withoutTone(samples.subarray(start, start + window), sound.sampleRate),
    );
  }
  return loudest;
}

function withoutTone(samples: Int16Array, sampleRate: number): number {
  let [ss, cc, sc, ys, yc, yy] = [0, 0, 0, 0, 0, 0];
  for (const [index, y] of samples.entries()) {
    const angle = (2 * Math.PI * 440 * index) / sampleRate;
    const [s, c] = [Math.sin(angle), Math.cos(angle)];
    ss += s * s;
    cc += c * c;
    sc += s * c;
    ys += y * s;
    yc += y * c;
    yy += y * y;
  }
  const determinant = ss * cc - sc * sc;
  const a = (ys * cc - yc * sc) / determinant;
  const b = (yc * ss - ys * sc) / determinant;
  return Math.sqrt(Math.max(0, yy - a * ys - b * yc) / samples.length);
}
