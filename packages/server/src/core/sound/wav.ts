import { ArchiveError } from '../errors.ts';
import { compressSample, expansionTable } from './g711.ts';

export type WavCodec = 'pcm_s16le' | 'pcm_mulaw' | 'pcm_alaw';

/** Where the samples of a WAV file are and what they look like. */
export interface WavLayout {
  codec: WavCodec;
  channels: number;
  sampleRate: number;
  sampleBytes: 1 | 2;
  dataOffset: number;
  /** Whole frames (a sample of every channel). */
  frames: number;
}

const FORMATS: Record<number, WavCodec> = { 1: 'pcm_s16le', 6: 'pcm_alaw', 7: 'pcm_mulaw' };
const TAGS: Record<WavCodec, number> = { pcm_s16le: 1, pcm_alaw: 6, pcm_mulaw: 7 };
const EXTENSIBLE = 0xfffe;
const LONGEST_HEADER = 1024 * 1024;

const unreadable = (message: string) => new ArchiveError('MEDIA_UNREADABLE', `WAV: ${message}`);

/**
 * Reads a RIFF/WAVE header: PCM16, A-law, µ-law, plain or extensible, other chunks passed over. A
 * data size of a stream (0 or 0xFFFFFFFF) or beyond the end means "to the end". Rejects with
 * MEDIA_UNREADABLE; resolves to undefined for another sample format, which needs a decoder.
 */
export async function readWavLayout(source: {
  sizeBytes: number;
  readRange(offset: number, length: number): Promise<Buffer>;
}): Promise<WavLayout | undefined> {
  const riff = await source.readRange(0, 12);
  if (riff.length < 12 || riff.toString('latin1', 8, 12) !== 'WAVE') throw unreadable('no header');
  let format: Buffer | undefined;
  let longSize: number | undefined;
  let at = 12;
  while (at + 8 <= source.sizeBytes && at < LONGEST_HEADER) {
    const head = await source.readRange(at, 8);
    if (head.length < 8) break;
    const name = head.toString('latin1', 0, 4);
    const size = head.readUInt32LE(4);
    if (name === 'fmt ') {
      if (size < 16 || size > 1024) throw unreadable('its format chunk has no sensible size');
      format = await source.readRange(at + 8, size);
      if (format.length < size) throw unreadable('it ends within its header');
    }
    // RF64 (EBU Tech 3306): sizes of more than 32 bits stand in front, of the file and of its data.
    if (name === 'ds64' && size >= 16) {
      longSize = Number((await source.readRange(at + 16, 8)).readBigUInt64LE(0));
    }
    if (name === 'data') {
      if (format === undefined) throw unreadable('samples come before their format');
      const bytes = size === 0xffffffff ? (longSize ?? size) : size;
      return layoutOf(format, at + 8, bytes, source.sizeBytes);
    }
    at += 8 + size + (size % 2);
  }
  throw unreadable('no samples');
}

function layoutOf(
  format: Buffer,
  dataOffset: number,
  size: number,
  fileBytes: number,
): WavLayout | undefined {
  const plainTag = format.readUInt16LE(0);
  const tag = plainTag === EXTENSIBLE && format.length >= 26 ? format.readUInt16LE(24) : plainTag;
  const channels = format.readUInt16LE(2);
  const sampleRate = format.readUInt32LE(4);
  const bits = format.readUInt16LE(14);
  const codec = FORMATS[tag];
  const sampleBytes = codec === 'pcm_s16le' ? 2 : 1;
  if (codec === undefined || bits !== sampleBytes * 8) return undefined;
  if (channels < 1 || channels > 8) throw unreadable(`${channels} channels`);
  if (sampleRate < 4000 || sampleRate > 192_000) throw unreadable(`sample rate ${sampleRate}`);
  const rest = fileBytes - dataOffset;
  const dataBytes = size === 0 || size === 0xffffffff || size > rest ? rest : size;
  const frames = Math.floor(dataBytes / (channels * sampleBytes));
  if (frames === 0) throw new ArchiveError('MEDIA_EMPTY', 'WAV: no samples');
  return { codec, channels, sampleRate, sampleBytes, dataOffset, frames };
}

/** A header for as many frames; G.711 has the fact chunk that its format wants. */
export function buildWavHeader(
  layout: Pick<WavLayout, 'codec' | 'channels' | 'sampleRate' | 'sampleBytes' | 'frames'>,
): Buffer {
  const { codec, channels, sampleRate, sampleBytes, frames } = layout;
  const pcm = codec === 'pcm_s16le';
  const formatBytes = pcm ? 16 : 18;
  const headerBytes = 12 + 8 + formatBytes + (pcm ? 0 : 12) + 8;
  const dataBytes = Math.min(frames * channels * sampleBytes, 0xffffffff - headerBytes);
  const header = Buffer.alloc(headerBytes);
  let at = header.write('RIFF', 0, 'latin1');
  at = header.writeUInt32LE(headerBytes - 8 + dataBytes + (dataBytes % 2), at);
  at += header.write('WAVEfmt ', at, 'latin1');
  at = header.writeUInt32LE(formatBytes, at);
  at = header.writeUInt16LE(TAGS[codec], at);
  at = header.writeUInt16LE(channels, at);
  at = header.writeUInt32LE(sampleRate, at);
  at = header.writeUInt32LE(sampleRate * channels * sampleBytes, at);
  at = header.writeUInt16LE(channels * sampleBytes, at);
  at = header.writeUInt16LE(sampleBytes * 8, at);
  if (!pcm) {
    at = header.writeUInt16LE(0, at);
    at += header.write('fact', at, 'latin1');
    at = header.writeUInt32LE(4, at);
    at = header.writeUInt32LE(Math.min(frames, 0xffffffff), at);
  }
  at += header.write('data', at, 'latin1');
  header.writeUInt32LE(dataBytes, at);
  return header;
}

/** Reads the 16-bit value of the sample whose bytes begin at `at`. */
export function sampleReader(codec: WavCodec): (bytes: Buffer, at: number) => number {
  if (codec === 'pcm_s16le') return (bytes, at) => bytes.readInt16LE(at);
  const table = expansionTable(codec);
  return (bytes, at) => table[bytes[at] ?? 0] ?? 0;
}

export function sampleWriter(codec: WavCodec): (bytes: Buffer, at: number, value: number) => void {
  if (codec === 'pcm_s16le') return (bytes, at, value) => void bytes.writeInt16LE(value, at);
  return (bytes, at, value) => {
    bytes[at] = compressSample(codec, value);
  };
}
