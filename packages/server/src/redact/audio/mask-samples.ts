import { ArchiveError } from '../../core/errors.ts';
import {
  buildWavHeader,
  sampleReader,
  sampleWriter,
  type WavLayout,
} from '../../core/sound/wav.ts';
import type { Peaks } from '../../record/facts.ts';
import type { MaskSpan } from '../../record/transcript.ts';
import { type FrameSpan, toneSample } from './tone.ts';

type Layout = Pick<WavLayout, 'codec' | 'channels' | 'sampleRate' | 'sampleBytes' | 'frames'>;
const MOST_PEAK_STEPS = 4000;
const LEAST_STEP_MS = 20;

/**
 * Spans in frames: outward to whole frames, within the sound. Channels beyond it mean all. Throws
 * MASK_INCOMPLETE for a span that holds no sound at all: its words are elsewhere, and unmasked.
 */
export function frameSpans(spans: MaskSpan[], layout: Layout): FrameSpan[] {
  const all = Array.from({ length: layout.channels }, (_, channel) => channel);
  return spans.flatMap((span) => {
    const start = Math.max(0, Math.floor((span.startMs * layout.sampleRate) / 1000));
    const end = Math.min(layout.frames, Math.ceil((span.endMs * layout.sampleRate) / 1000));
    // Written so that a time that is no number does not pass.
    if (!(end > start)) {
      const message = `a span from ${span.startMs} ms to ${span.endMs} ms holds no sound`;
      throw new ArchiveError('MASK_INCOMPLETE', message);
    }
    const channels = span.channel >= 0 && span.channel < layout.channels ? [span.channel] : all;
    return channels.map((channel) => ({ channel, start, end }));
  });
}

/**
 * Masks interleaved samples while they stream by: inside the spans the tone, outside bit for bit
 * what came in, and as many samples. `samples` are whole or broken frames in any chunking. `peaks`
 * settles when the stream has ended. Throws MEDIA_UNREADABLE when the samples end early.
 */
export function maskSamples(
  samples: AsyncIterable<Uint8Array>,
  layout: Layout,
  spans: MaskSpan[],
  compare?: (masked: Buffer, before: Buffer, firstFrame: number) => void,
): { stream: AsyncIterable<Uint8Array>; peaks: Promise<Peaks> } {
  const frameBytes = layout.channels * layout.sampleBytes;
  const masks = frameSpans(spans, layout);
  const meter = new PeakMeter(layout);
  const done = Promise.withResolvers<Peaks>();
  // Whoever only wants the stream must not be told twice of its failure.
  done.promise.catch(() => undefined);
  async function* run(): AsyncIterable<Uint8Array> {
    let frame = 0;
    let rest: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of samples) {
        const joined = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
        const frames = Math.min(Math.floor(joined.length / frameBytes), layout.frames - frame);
        const whole = joined.subarray(0, frames * frameBytes);
        rest = Buffer.from(joined.subarray(whole.length));
        const before = compare === undefined ? undefined : Buffer.from(whole);
        for (const mask of masks) writeTone(whole, frame, frames, mask, layout);
        if (before !== undefined) compare?.(whole, before, frame);
        meter.add(whole, frame);
        frame += frames;
        if (whole.length > 0) yield whole;
        if (frame >= layout.frames) break;
      }
      if (frame < layout.frames) {
        throw new ArchiveError('MEDIA_UNREADABLE', `samples end at frame ${frame}`);
      }
      done.resolve(meter.peaks());
    } catch (error) {
      done.reject(error);
      throw error;
    }
  }
  return { stream: run(), peaks: done.promise };
}

/** The masked file: a fresh header, so that no other chunk of the original (LIST …) lives on. */
export function maskWav(
  source: { stream(start?: number, endExclusive?: number): AsyncIterable<Uint8Array> },
  layout: WavLayout,
  spans: MaskSpan[],
): { stream: AsyncIterable<Uint8Array>; peaks: Promise<Peaks> } {
  const { dataOffset, frames, channels, sampleBytes } = layout;
  const end = dataOffset + frames * channels * sampleBytes;
  const masked = maskSamples(source.stream(dataOffset, end), layout, spans);
  return {
    peaks: masked.peaks,
    stream: (async function* () {
      yield buildWavHeader(layout);
      yield* masked.stream;
    })(),
  };
}

/**
 * Reads a masked file back: in every span every sample is the tone's. Rejects with MASK_INCOMPLETE
 * naming the channel and second of the first one that is not.
 */
export async function verifyMaskedWav(
  source: { stream(start?: number, endExclusive?: number): AsyncIterable<Uint8Array> },
  layout: WavLayout,
  spans: MaskSpan[],
): Promise<void> {
  if (spans.length === 0) return;
  const { dataOffset, frames, channels, sampleBytes } = layout;
  const end = dataOffset + frames * channels * sampleBytes;
  await verifyMaskedSamples(source.stream(dataOffset, end), layout, spans);
}

/** The same for samples alone. */
export async function verifyMaskedSamples(
  samples: AsyncIterable<Uint8Array>,
  layout: Layout,
  spans: MaskSpan[],
): Promise<void> {
  const again = maskSamples(samples, layout, spans, (expected, found, firstFrame) => {
    if (expected.equals(found)) return;
    const at = expected.findIndex((byte, index) => byte !== found[index]);
    const sample = Math.floor(at / layout.sampleBytes);
    const frame = firstFrame + Math.floor(sample / layout.channels);
    const where = `channel ${sample % layout.channels} at ${(frame / layout.sampleRate).toFixed(3)} s`;
    throw new ArchiveError('MASK_INCOMPLETE', `a sample is not masked: ${where}`);
  });
  // Masking what is masked changes nothing; whatever would change was not masked.
  for await (const _part of again.stream);
}

function writeTone(
  whole: Buffer,
  firstFrame: number,
  frames: number,
  mask: FrameSpan,
  layout: Layout,
): void {
  const start = Math.max(mask.start, firstFrame);
  const end = Math.min(mask.end, firstFrame + frames);
  if (start >= end) return;
  const write = sampleWriter(layout.codec);
  const frameBytes = layout.channels * layout.sampleBytes;
  for (let frame = start; frame < end; frame += 1) {
    const at = (frame - firstFrame) * frameBytes + mask.channel * layout.sampleBytes;
    write(whole, at, toneSample(frame, mask, layout.sampleRate));
  }
}

/** Loudest and lowest sample of every step and channel. */
class PeakMeter {
  readonly #layout: Layout;
  readonly #stepFrames: number;
  readonly #low: Int16Array[];
  readonly #high: Int16Array[];

  constructor(layout: Layout) {
    this.#layout = layout;
    const least = Math.round((LEAST_STEP_MS * layout.sampleRate) / 1000);
    this.#stepFrames = Math.max(least, Math.ceil(layout.frames / MOST_PEAK_STEPS));
    const steps = Math.ceil(layout.frames / this.#stepFrames);
    this.#low = Array.from({ length: layout.channels }, () => new Int16Array(steps));
    this.#high = Array.from({ length: layout.channels }, () => new Int16Array(steps));
  }

  add(whole: Buffer, firstFrame: number): void {
    const { channels, sampleBytes, codec } = this.#layout;
    const read = sampleReader(codec);
    const frames = whole.length / (channels * sampleBytes);
    for (let channel = 0; channel < channels; channel += 1) {
      const low = this.#low[channel] as Int16Array;
      const high = this.#high[channel] as Int16Array;
      let at = channel * sampleBytes;
      for (let frame = 0; frame < frames; frame += 1, at += channels * sampleBytes) {
        const step = Math.floor((firstFrame + frame) / this.#stepFrames);
        const value = read(whole, at);
        if (value < (low[step] as number)) low[step] = value;
        if (value > (high[step] as number)) high[step] = value;
      }
    }
  }

  peaks(): Peaks {
    const scaled = (value: number) => Math.round((value / 32_768) * 1000) / 1000;
    return {
      stepMs: (this.#stepFrames * 1000) / this.#layout.sampleRate,
      channels: this.#low.map((low, channel) =>
        [...low].flatMap((value, step) => [
          scaled(value),
          scaled(this.#high[channel]?.[step] ?? 0),
        ]),
      ),
    };
  }
}
