import { ArchiveError } from '../../core/errors.ts';
import type { MaskSpan } from '../../record/transcript.ts';
import { frameSpans } from './mask-samples.ts';

const HERTZ = 440;
const WINDOW_SECONDS = 0.02;
/** Codecs smear across a boundary by less than this. */
const MARGIN_SECONDS = 0.04;
/** What is left beside the tone, as a root mean square of 16-bit values: coding noise, not speech. */
const MOST_RESIDUAL = 260;

/**
 * Checks decoded sound of a lossy rendition: in every span, away from its edges, what is left when
 * the tone is taken out is no louder than coding noise. Rejects with MASK_INCOMPLETE.
 */
export async function verifyMaskedSamples(
  samples: AsyncIterable<Uint8Array>,
  pcm: { channels: number; sampleRate: number },
  spans: MaskSpan[],
): Promise<void> {
  const { channels, sampleRate } = pcm;
  const shape = {
    ...pcm,
    codec: 'pcm_s16le',
    sampleBytes: 2,
    frames: Number.MAX_SAFE_INTEGER,
  } as const;
  const margin = Math.round(MARGIN_SECONDS * sampleRate);
  const masks = frameSpans(spans, shape)
    .map((mask) => ({ ...mask, start: mask.start + margin, end: mask.end - margin }))
    .filter((mask) => mask.end > mask.start);
  const windowFrames = Math.round(WINDOW_SECONDS * sampleRate);
  const bytesOfWindow = windowFrames * channels * 2;
  let frame = 0;
  for await (const window of windowsOf(samples, bytesOfWindow)) {
    const frames = Math.floor(window.length / channels / 2);
    for (const mask of masks) {
      if (mask.start > frame || mask.end < frame + frames) continue;
      const residual = residualOf(window, frames, channels, mask.channel, frame, sampleRate);
      if (residual > MOST_RESIDUAL) {
        const where = `channel ${mask.channel} at ${(frame / sampleRate).toFixed(2)} s`;
        throw new ArchiveError('MASK_INCOMPLETE', `sound is left under a mask: ${where}`);
      }
    }
    frame += frames;
  }
}

async function* windowsOf(source: AsyncIterable<Uint8Array>, bytes: number) {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    for (; at + bytes <= rest.length; at += bytes) yield rest.subarray(at, at + bytes);
    rest = Buffer.from(rest.subarray(at));
  }
  if (rest.length > 0) yield rest;
}

/** Least squares of sine and cosine at the tone's pitch, then the energy of what they do not say. */
function residualOf(
  window: Buffer,
  frames: number,
  channels: number,
  channel: number,
  firstFrame: number,
  sampleRate: number,
): number {
  let [ss, cc, sc, ys, yc, yy] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < frames; at += 1) {
    const angle = (2 * Math.PI * HERTZ * (firstFrame + at)) / sampleRate;
    const [s, c] = [Math.sin(angle), Math.cos(angle)];
    const y = window.readInt16LE((at * channels + channel) * 2);
    ss += s * s;
    cc += c * c;
    sc += s * c;
    ys += y * s;
    yc += y * c;
    yy += y * y;
  }
  const determinant = ss * cc - sc * sc;
  if (determinant === 0) return 0;
  const a = (ys * cc - yc * sc) / determinant;
  const b = (yc * ss - ys * sc) / determinant;
  return Math.sqrt(Math.max(0, yy - a * ys - b * yc) / frames);
}
