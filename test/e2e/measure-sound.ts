/** Samples of one channel, −32768 … 32767. */
export type Samples = Int16Array;

/** Root of the mean square of samples [start, end). */
export function loudness(samples: Samples, start = 0, end = samples.length): number {
  let sum = 0;
  for (let at = start; at < end; at += 1) sum += (samples[at] ?? 0) ** 2;
  return Math.sqrt(sum / Math.max(1, end - start));
}

/**
 * What is left of samples [start, end) when the best-fitting sine of `hertz` is taken away (least
 * squares over sine and cosine). Near zero: nothing but that tone was there.
 */
export function withoutTone(
  samples: Samples,
  { start, end, hertz, sampleRate }: Stretch & { hertz: number; sampleRate: number },
): Samples {
  let [ss, sc, cc, xs, xc] = [0, 0, 0, 0, 0];
  const step = (2 * Math.PI * hertz) / sampleRate;
  for (let at = start; at < end; at += 1) {
    const [sin, cos, x] = [Math.sin(step * at), Math.cos(step * at), samples[at] ?? 0];
    ss += sin * sin;
    sc += sin * cos;
    cc += cos * cos;
    xs += x * sin;
    xc += x * cos;
  }
  const determinant = ss * cc - sc * sc;
  const a = (xs * cc - xc * sc) / determinant;
  const b = (xc * ss - xs * sc) / determinant;
  return Int16Array.from({ length: end - start }, (_, index) => {
    const at = start + index;
    return Math.round((samples[at] ?? 0) - a * Math.sin(step * at) - b * Math.cos(step * at));
  });
}

/** Frames [start, end). */
export interface Stretch {
  start: number;
  end: number;
}

/** The channels of a µ-law WAV file (ITU-T G.711), read without any code of the archive. */
export function readMuLawWav(file: Buffer): Samples[] {
  let at = 12;
  let channels = 0;
  while (at + 8 <= file.length) {
    const name = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    if (name === 'fmt ') {
      if (file.readUInt16LE(at + 8) !== 7) throw new Error('not µ-law');
      channels = file.readUInt16LE(at + 10);
    }
    if (name === 'data') return split(file.subarray(at + 8, at + 8 + size), channels);
    at += 8 + size + (size % 2);
  }
  throw new Error('no data chunk');
}

function split(bytes: Buffer, channels: number): Samples[] {
  return Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length: Math.floor(bytes.length / channels) }, (_, frame) =>
      expandMuLaw(bytes[frame * channels + channel] ?? 0xff),
    ),
  );
}

function expandMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
}
