import { ArchiveError } from '../../core/errors.ts';
import { buildWavHeader, sampleWriter, type WavLayout } from '../../core/sound/wav.ts';
import type { Peaks } from '../../record/facts.ts';
import type { MaskSpan } from '../../record/transcript.ts';
import { PeakMeter, type SampleLayout } from './peak-meter.ts';
import { type FrameSpan, toneAt } from './tone.ts';

/**
 * Spans in frames: outward to whole frames, within the sound. Channels beyond it mean all. Throws
 * MASK_INCOMPLETE for a span that holds no sound at all: its words are elsewhere, and unmasked.
 */
export function frameSpans(spans: MaskSpan[], layout: SampleLayout): FrameSpan[] {
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
  layout: SampleLayout,
  spans: MaskSpan[],
): { stream: AsyncIterable<Uint8Array>; peaks: Promise<Peaks> } {
  const writeTones = toneWriter(frameSpans(spans, layout), layout);
  const meter = new PeakMeter(layout);
  const done = Promise.withResolvers<Peaks>();
  // Whoever only wants the stream must not be told twice of its failure.
  done.promise.catch(() => undefined);
  async function* run(): AsyncIterable<Uint8Array> {
    try {
      for await (const { bytes, firstFrame } of wholeFrames(samples, layout)) {
        writeTones(bytes, firstFrame);
        meter.add(bytes, firstFrame);
        yield bytes;
      }
      done.resolve(meter.peaks());
    } catch (error) {
      done.reject(error);
      throw error;
    }
  }
  return { stream: run(), peaks: done.promise };
}

/** Copies of the samples in whole frames; throws MEDIA_UNREADABLE when there are too few. */
export async function* wholeFrames(
  samples: AsyncIterable<Uint8Array>,
  layout: SampleLayout,
): AsyncIterable<{ bytes: Buffer; firstFrame: number }> {
  const frameBytes = layout.channels * layout.sampleBytes;
  let firstFrame = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of samples) {
    const joined = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const frames = Math.min(Math.floor(joined.length / frameBytes), layout.frames - firstFrame);
    const bytes = joined.subarray(0, frames * frameBytes);
    rest = Buffer.from(joined.subarray(bytes.length));
    if (frames > 0) yield { bytes, firstFrame };
    firstFrame += frames;
    if (firstFrame >= layout.frames) return;
  }
  throw new ArchiveError('MEDIA_UNREADABLE', `samples end at frame ${firstFrame}`);
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

/** The same for samples alone. Masking what is masked changes nothing; what changes was not. */
export async function verifyMaskedSamples(
  samples: AsyncIterable<Uint8Array>,
  layout: SampleLayout,
  spans: MaskSpan[],
): Promise<void> {
  const writeTones = toneWriter(frameSpans(spans, layout), layout);
  for await (const { bytes, firstFrame } of wholeFrames(samples, layout)) {
    const found = Buffer.from(bytes);
    writeTones(bytes, firstFrame);
    if (bytes.equals(found)) continue;
    const at = bytes.findIndex((byte, index) => byte !== found[index]);
    const sample = Math.floor(at / layout.sampleBytes);
    const frame = firstFrame + Math.floor(sample / layout.channels);
    const where = `channel ${sample % layout.channels} at ${(frame / layout.sampleRate).toFixed(3)} s`;
    throw new ArchiveError('MASK_INCOMPLETE', `a sample is not masked: ${where}`);
  }
}

/** Puts the tone over every span that reaches into the given frames. */
function toneWriter(
  masks: FrameSpan[],
  { channels, sampleBytes, sampleRate, codec }: SampleLayout,
): (bytes: Buffer, firstFrame: number) => void {
  const write = sampleWriter(codec);
  const tone = toneAt(sampleRate);
  const frameBytes = channels * sampleBytes;
  return (bytes, firstFrame) => {
    const endFrame = firstFrame + bytes.length / frameBytes;
    for (const mask of masks) {
      const end = Math.min(mask.end, endFrame);
      for (let frame = Math.max(mask.start, firstFrame); frame < end; frame += 1) {
        const at = (frame - firstFrame) * frameBytes + mask.channel * sampleBytes;
        write(bytes, at, tone(frame, mask));
      }
    }
  };
}
