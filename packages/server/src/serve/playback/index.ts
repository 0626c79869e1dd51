import { expansionTable } from '../../core/sound/g711.ts';
import { buildWavHeader, readWavLayout } from '../../core/sound/wav.ts';
import type { RenditionFacts } from '../../record/facts.ts';
import type { OpenObject } from '../../record/vault.ts';

export { type ByteRange, parseRange } from './range.ts';

/** What a player fetches: bytes of a known length, any stretch of them. */
export interface Playback {
  mediaType: string;
  sizeBytes: number;
  read(start: number, endExclusive: number): AsyncIterable<Uint8Array>;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * The redacted rendition as a browser plays it. G.711, which browsers do not play, becomes a
 * PCM WAV that exists only byte by byte: its length is known, and any stretch is decoded alone.
 */
export async function openPlayback(object: OpenObject, facts: RenditionFacts): Promise<Playback> {
  const { codec, mediaType } = facts;
  if (codec !== 'pcm_mulaw' && codec !== 'pcm_alaw') {
    return {
      mediaType,
      sizeBytes: object.sizeBytes,
      read: (start, end) => object.stream(start, end),
    };
  }
  const layout = await readWavLayout(object);
  if (layout === undefined) throw new Error('a G.711 rendition is a WAV file');
  const { channels, sampleRate, frames, dataOffset } = layout;
  const pcm = { codec: 'pcm_s16le', sampleBytes: 2, channels, sampleRate, frames } as const;
  const header = buildWavHeader(pcm);
  const table = expansionTable(codec);
  return {
    mediaType: 'audio/wav',
    sizeBytes: header.length + frames * channels * 2,
    async *read(start, endExclusive) {
      if (start < header.length) {
        yield header.subarray(start, Math.min(header.length, endExclusive));
      }
      let at = Math.max(start, header.length);
      while (at < endExclusive) {
        const end = Math.min(endExclusive, at + CHUNK_BYTES);
        const first = Math.floor((at - header.length) / 2);
        const last = Math.ceil((end - header.length) / 2);
        const codes = await object.readRange(dataOffset + first, last - first);
        const samples = Buffer.allocUnsafe(codes.length * 2);
        for (let index = 0; index < codes.length; index += 1) {
          samples.writeInt16LE(table[codes[index] as number] as number, index * 2);
        }
        const skip = at - header.length - first * 2;
        yield samples.subarray(skip, skip + (end - at));
        at = end;
      }
    },
  };
}
