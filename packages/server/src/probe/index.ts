import { ArchiveError } from '../core/errors.ts';
import { readWavLayout } from '../core/sound/wav.ts';
import type { MediaFacts } from '../record/facts.ts';
import type { OpenObject } from '../record/vault.ts';
import type { Container, MediaDecoder, ProbeErrorCode } from './ports.ts';
import { sniffMedia } from './sniff-media.ts';

const HEAD_BYTES = 64;
const LONGEST_MS = 24 * 3_600_000;

/**
 * What the media is, by reading it: WAV in this process, everything else decoded to its end in a
 * sandboxed child, so that what is accepted here can be masked later. Rejects with the codes above.
 */
export async function probeMedia(source: OpenObject, decoder: MediaDecoder): Promise<MediaFacts> {
  const container = sniffMedia(await source.readRange(0, Math.min(HEAD_BYTES, source.sizeBytes)));
  if (container === undefined) {
    throw new ArchiveError<ProbeErrorCode>('MEDIA_UNKNOWN', 'the media is of no known kind');
  }
  const facts = (await probeWav(source, container)) ?? (await decode(source, container, decoder));
  if (facts.durationMs > LONGEST_MS) {
    throw new ArchiveError<ProbeErrorCode>('MEDIA_TOO_LONG', 'the media is longer than a day');
  }
  return facts;
}

async function probeWav(source: OpenObject, container: Container): Promise<MediaFacts | undefined> {
  if (container !== 'wav') return undefined;
  const layout = await readWavLayout(source);
  if (layout === undefined) return undefined;
  const { codec, channels, sampleRate, frames } = layout;
  const durationMs = Math.round((frames / sampleRate) * 1000);
  return { kind: 'audio', container, codec, channels, sampleRate, durationMs };
}

async function decode(
  source: OpenObject,
  container: Container,
  decoder: MediaDecoder,
): Promise<MediaFacts> {
  const { audio, video } = await decoder.streams(source, container);
  if (audio === undefined) {
    throw new ArchiveError<ProbeErrorCode>('MEDIA_UNREADABLE', 'the media has no sound');
  }
  const { codec, channels, sampleRate } = audio;
  let bytes = 0;
  for await (const chunk of decoder.decodeAudio(source, container, audio)) bytes += chunk.length;
  const frames = Math.floor(bytes / 2 / channels);
  if (frames === 0)
    throw new ArchiveError<ProbeErrorCode>('MEDIA_EMPTY', 'the media has no samples');
  const durationMs = Math.round((frames / sampleRate) * 1000);
  const sound = { container, codec, channels, sampleRate, durationMs };
  return video === undefined
    ? { kind: 'audio', ...sound }
    : { kind: 'video', ...sound, videoCodec: video.codec };
}
