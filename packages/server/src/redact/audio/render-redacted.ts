import { ArchiveError } from '../../core/errors.ts';
import { readWavLayout } from '../../core/sound/wav.ts';
import type { MediaFacts, Peaks, RenditionFacts } from '../../record/facts.ts';
import type { MaskSpan } from '../../record/transcript.ts';
import type { OpenObject } from '../../record/vault.ts';
import { maskSamples, maskWav, verifyMaskedSamples, verifyMaskedWav } from './mask-samples.ts';
import type { SoundWorkshop } from './ports.ts';

/**
 * The redacted rendition while it streams: WAV of PCM16 and G.711 stays what it is, unmasked
 * samples bit for bit; other sound becomes FLAC, video H.265 with FLAC sound. Sound is masked on
 * samples and encoded without loss: a lossy codec would smear one speaker into the other's mask, and
 * nothing could be checked sample by sample any more.
 */
export async function renderRedacted(
  workshop: SoundWorkshop,
  facts: MediaFacts,
  source: OpenObject,
  spans: MaskSpan[],
): Promise<RenditionFacts & { stream: AsyncIterable<Uint8Array>; peaks: Promise<Peaks> }> {
  const layout = facts.container === 'wav' ? await readWavLayout(source) : undefined;
  if (layout !== undefined) {
    const { codec, channels, sampleRate } = layout;
    const made = { mediaType: 'audio/wav', kind: 'audio', codec, channels, sampleRate } as const;
    return { ...made, ...maskWav(source, layout, spans) };
  }
  const { channels, sampleRate, kind } = facts;
  const pcm = { channels, sampleRate };
  const frames = Math.round((facts.durationMs * sampleRate) / 1000);
  const decoded = workshop.decodeAudio(source, facts.container, pcm);
  const shape = { ...pcm, codec: 'pcm_s16le', sampleBytes: 2, frames } as const;
  const masked = maskSamples(exactly(decoded, frames * channels * 2), shape, spans);
  return kind === 'video'
    ? {
        ...{ mediaType: 'video/mp4', kind, codec: 'hevc', channels, sampleRate },
        stream: workshop.encodeVideo(source, facts.container, masked.stream, pcm),
        peaks: masked.peaks,
      }
    : {
        ...{ mediaType: 'audio/flac', kind, codec: 'flac', channels, sampleRate },
        stream: workshop.encodeFlac(masked.stream, pcm, frames),
        peaks: masked.peaks,
      };
}

/** Reads a finished rendition back. Rejects with MASK_INCOMPLETE. */
export async function verifyRedacted(
  workshop: SoundWorkshop,
  facts: MediaFacts,
  rendition: OpenObject,
  spans: MaskSpan[],
): Promise<void> {
  if (facts.container === 'wav') {
    const head = await rendition.readRange(0, 4);
    const layout = head.toString('latin1') === 'RIFF' ? await readWavLayout(rendition) : undefined;
    if (layout !== undefined) return verifyMaskedWav(rendition, layout, spans);
  }
  const { channels, sampleRate } = facts;
  const container = facts.kind === 'video' ? 'mp4' : 'flac';
  const frames = Math.round((facts.durationMs * sampleRate) / 1000);
  const decoded = workshop.decodeAudio(rendition, container, { channels, sampleRate });
  const shape = { channels, sampleRate, codec: 'pcm_s16le', sampleBytes: 2, frames } as const;
  await verifyMaskedSamples(decoded, shape, spans);
}

/** As many bytes as the probe counted; a millisecond's rounding is filled with silence. */
export async function* exactly(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncIterable<Uint8Array> {
  let left = bytes;
  for await (const chunk of source) {
    if (left <= 0) continue;
    const part = chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= part.length;
    yield part;
  }
  if (left > 8 * 2 * 48_000) {
    throw new ArchiveError('MEDIA_UNREADABLE', 'the sound decodes to less than it was probed to');
  }
  if (left > 0) yield Buffer.alloc(left);
}
