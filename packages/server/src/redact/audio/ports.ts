import type { OpenObject } from '../../record/vault.ts';

interface Pcm {
  channels: number;
  sampleRate: number;
}

/** Decoders and encoders that the redact step needs; 16-bit little-endian samples, interleaved. */
export interface SoundWorkshop {
  decodeAudio(source: OpenObject, container: string, pcm: Pcm): AsyncIterable<Uint8Array>;
  encodeFlac(
    samples: AsyncIterable<Uint8Array>,
    pcm: Pcm,
    frames: number,
  ): AsyncIterable<Uint8Array>;
  encodeVideo(
    source: OpenObject,
    container: string,
    samples: AsyncIterable<Uint8Array>,
    pcm: Pcm,
  ): AsyncIterable<Uint8Array>;
}
