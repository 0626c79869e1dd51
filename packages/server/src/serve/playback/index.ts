import { expansionTable } from '../../core/sound/g711.ts';
import { buildWavHeader, readWavLayout } from '../../core/sound/wav.ts';
import type { RenditionFacts } from '../../record/facts.ts';
import type { OpenObject } from '../../record/vault.ts';

export { type Haste, Meters, MOST_SPEED } from './meter.ts';
export { paced } from './paced.ts';
export { type ByteRange, parseRange } from './range.ts';
export { checkTicket, issueTicket, ticketDigest, ticketKeyOf } from './ticket.ts';
export { watched } from './watched.ts';

/** What a player fetches: bytes of a known length, any stretch of them. */
export interface Playback {
  mediaType: string;
  sizeBytes: number;
  read(start: number, endExclusive: number): AsyncIterable<Uint8Array>;
}

/** The first piece is small, so that sound begins at once; the others are worth a trip each. */
const FIRST_BYTES = 32 * 1024;
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
      let pieceBytes = FIRST_BYTES;
      while (at < endExclusive) {
        const end = Math.min(endExclusive, at + pieceBytes);
        pieceBytes = CHUNK_BYTES;
        const first = Math.floor((at - header.length) / 2);
        const last = Math.ceil((end - header.length) / 2);
        const codes = await object.readRange(dataOffset + first, last - first);
        // Both WAV and every machine this runs on are little-endian.
        const samples = expand(codes, table);
        const skip = at - header.length - first * 2;
        yield Buffer.from(samples.buffer).subarray(skip, skip + (end - at));
        at = end;
      }
    },
  };
}

function expand(codes: Uint8Array, table: Int16Array): Int16Array {
  const samples = new Int16Array(codes.length);
  for (let at = 0; at < codes.length; at += 1) samples[at] = table[codes[at] as number] as number;
  return samples;
}
