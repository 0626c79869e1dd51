import type { OpenObject } from '../record/vault.ts';

/** Containers that the archive takes, by the demuxer that may read them. */
export type Container = 'wav' | 'mp3' | 'ogg' | 'flac' | 'mp4' | 'webm' | 'amr' | 'aac' | 'gsm';

export interface StreamFacts {
  audio?: { codec: string; channels: number; sampleRate: number };
  video?: { codec: string; width: number; height: number };
}

export interface PcmLayout {
  channels: number;
  sampleRate: number;
}

/**
 * Decoders and encoders in a sandboxed child process. Reject with FFMPEG_MISSING,
 * MEDIA_UNREADABLE, MEDIA_TIMEOUT, MEDIA_NEEDS_INDEX_FIRST (a container that must be seekable and
 * is larger than the memory for it), MEDIA_MEMORY_FULL (try later).
 */
export interface MediaDecoder {
  streams(source: OpenObject, container: Container): Promise<StreamFacts>;
  /** Interleaved 16-bit little-endian samples of the first sound stream. */
  decodeAudio(source: OpenObject, container: Container, pcm: PcmLayout): AsyncIterable<Uint8Array>;
  /** FLAC of so many frames of interleaved 16-bit samples. */
  encodeFlac(
    samples: AsyncIterable<Uint8Array>,
    pcm: PcmLayout,
    frames: number,
  ): AsyncIterable<Uint8Array>;
  /** The picture as H.265 with the given sound as FLAC, in fragmented MP4. */
  encodeVideo(
    source: OpenObject,
    container: Container,
    samples: AsyncIterable<Uint8Array> | undefined,
    pcm: PcmLayout,
  ): AsyncIterable<Uint8Array>;
}

export type ProbeErrorCode =
  | 'MEDIA_UNKNOWN'
  | 'MEDIA_UNREADABLE'
  | 'MEDIA_EMPTY'
  | 'MEDIA_TOO_LONG'
  | 'MEDIA_TIMEOUT'
  | 'MEDIA_NEEDS_INDEX_FIRST'
  | 'MEDIA_MEMORY_FULL'
  | 'FFMPEG_MISSING';
