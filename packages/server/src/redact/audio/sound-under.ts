import { ArchiveError } from '../../core/errors.ts';
import { readWavLayout, sampleReader } from '../../core/sound/wav.ts';
import type { MediaFacts } from '../../record/facts.ts';
import type { MaskSpan } from '../../record/transcript.ts';
import type { OpenObject } from '../../record/vault.ts';
import { mergeSpans } from '../mask-spans.ts';
import { frameSpans, wholeFrames } from './mask-samples.ts';
import type { SampleLayout } from './peak-meter.ts';
import type { SoundWorkshop } from './ports.ts';
import { exactly } from './render-redacted.ts';

/** The loudest sample that is still silence, of 32,768: −48 dB, above the idle noise of a line. */
const SILENCE = 128;

/** A stretch of time in frames, and the loudest sample of every channel in it. */
interface Stretch {
  span: MaskSpan;
  start: number;
  end: number;
  loudest: Int32Array;
}

/**
 * The spans, and beside each the same stretch of every other channel that is not silent there: one
 * voice is heard on both where a line echoes, a recorder mixes, or channels are numbered otherwise
 * than the transcript has them. Rejects with TRANSCRIPT_TIMES_BAD when nothing is heard where words
 * should be, on any channel: they were said elsewhere, and would stay audible.
 */
export async function spansWithSound(
  workshop: SoundWorkshop,
  facts: MediaFacts,
  source: OpenObject,
  spans: MaskSpan[],
): Promise<MaskSpan[]> {
  if (spans.length === 0) return [];
  const wav = facts.container === 'wav' ? await readWavLayout(source) : undefined;
  const stretches = wav
    ? await measureWav(source, wav, spans)
    : await measureDecoded(workshop, facts, source, spans);
  return mergeSpans(stretches.flatMap(widened));
}

function widened({ span, loudest }: Stretch): MaskSpan[] {
  if (loudest.every((level) => level <= SILENCE)) {
    const reason = `nothing is heard from ${span.startMs} ms to ${span.endMs} ms, where the transcript has personal data`;
    throw new ArchiveError('TRANSCRIPT_TIMES_BAD', reason);
  }
  const others = [...loudest.keys()].filter((channel) => (loudest[channel] ?? 0) > SILENCE);
  return [span, ...others.map((channel) => ({ ...span, channel }))];
}

/** Only what lies under the spans is read. */
async function measureWav(
  source: OpenObject,
  layout: SampleLayout & { dataOffset: number },
  spans: MaskSpan[],
): Promise<Stretch[]> {
  const stretches = stretchesOf(spans, layout);
  const frameBytes = layout.channels * layout.sampleBytes;
  const read = sampleReader(layout.codec);
  for (const stretch of stretches) {
    const { start, end } = stretch;
    const from = layout.dataOffset + start * frameBytes;
    const bytes = source.stream(from, from + (end - start) * frameBytes);
    const part = { ...layout, frames: end - start };
    for await (const piece of wholeFrames(bytes, part)) {
      measure(stretch, piece.bytes, start + piece.firstFrame, layout, read);
    }
  }
  return stretches;
}

async function measureDecoded(
  workshop: SoundWorkshop,
  facts: MediaFacts,
  source: OpenObject,
  spans: MaskSpan[],
): Promise<Stretch[]> {
  const { channels, sampleRate, container } = facts;
  const frames = Math.round((facts.durationMs * sampleRate) / 1000);
  const layout = { channels, sampleRate, codec: 'pcm_s16le', sampleBytes: 2, frames } as const;
  const stretches = stretchesOf(spans, layout);
  const read = sampleReader('pcm_s16le');
  const decoded = workshop.decodeAudio(source, container, { channels, sampleRate });
  for await (const piece of wholeFrames(exactly(decoded, frames * channels * 2), layout)) {
    for (const one of stretches) measure(one, piece.bytes, piece.firstFrame, layout, read);
  }
  return stretches;
}

function stretchesOf(spans: MaskSpan[], layout: SampleLayout): Stretch[] {
  return spans.flatMap((span) => {
    const [first] = frameSpans([span], layout);
    if (first === undefined) return [];
    const { start, end } = first;
    return [{ span, start, end, loudest: new Int32Array(layout.channels) }];
  });
}

function measure(
  { start, end, loudest }: Stretch,
  bytes: Buffer,
  firstFrame: number,
  { channels, sampleBytes }: SampleLayout,
  read: (bytes: Buffer, at: number) => number,
): void {
  const until = Math.min(end - firstFrame, bytes.length / (channels * sampleBytes));
  for (let frame = Math.max(0, start - firstFrame); frame < until; frame += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const level = Math.abs(read(bytes, (frame * channels + channel) * sampleBytes));
      if (level > (loudest[channel] ?? 0)) loudest[channel] = level;
    }
  }
}
