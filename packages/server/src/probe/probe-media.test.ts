import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasCode } from '../core/errors.ts';
import { buildWavHeader } from '../core/sound/wav.ts';
import { probeMedia } from './index.ts';
import type { MediaDecoder } from './ports.ts';
import { sniffMedia } from './sniff-media.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');

describe('the first bytes', () => {
  it.each([
    ['RIFF\x24\0\0\0WAVEfmt ', 'wav'],
    ['RF64\xff\xff\xff\xffWAVEds64', 'wav'],
    ['OggS\0\x02', 'ogg'],
    ['fLaC\0\0\0\x22', 'flac'],
    ['\0\0\0\x20ftypisom', 'mp4'],
    ['\0\0\0\x1cftypM4A ', 'mp4'],
    ['\x1a\x45\xdf\xa3\x9f', 'webm'],
    ['#!AMR\n\x3c', 'amr'],
    ['#!AMR-WB\n', 'amr'],
    ['ID3\x04\0\0', 'mp3'],
    ['\xff\xfb\x90\x64', 'mp3'],
    ['\xff\xf1\x50\x80', 'aac'],
  ])('say what %j is', (head, container) => {
    expect(sniffMedia(latin(head))).toBe(container);
  });

  it.each([
    '',
    'RIFF',
    'RIFF\x24\0\0\0AVI LIST',
    "ffconcat version 1.0\nfile 'x.wav'\n",
    '#EXTM3U\n#EXT-X-STREAM-INF\nhttp://127.0.0.1/x',
    '<?xml version="1.0"?><MPD>',
    '[Script Info]\n',
    'v=0\no=- 0 0 IN IP4 127.0.0.1\n',
    'concat:/etc/passwd',
    '\xff\xfe<\0s\0m\0i\0l\0',
    '%PDF-1.7',
    'PK\x03\x04',
    '\x7fELF',
  ])('never take %j for media', (head) => {
    expect(sniffMedia(latin(head))).toBeUndefined();
  });

  it('never take printed text for media, whatever it says', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcFIRW \n#:/<[{=0123'), maxLength: 64 });
    fc.assert(
      fc.property(text, (head) => {
        expect(sniffMedia(latin(head))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

/** A WAV must be understood without any child process. */
const noDecoder = new Proxy({} as MediaDecoder, {
  get() {
    throw new Error('a child was asked');
  },
});

const open = (bytes: Buffer) => ({
  sizeBytes: bytes.length,
  readRange: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
  stream: async function* () {
    yield bytes;
  },
});

function chunk(name: string, body: Buffer, size = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function extensible(tag: number, bits: number): Buffer {
  const format = Buffer.alloc(40);
  format.writeUInt16LE(0xfffe, 0);
  format.writeUInt16LE(2, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt16LE((2 * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  format.writeUInt16LE(22, 16);
  format.writeUInt16LE(tag, 24);
  return format;
}

const riff = (...chunks: Buffer[]) => Buffer.concat([latin('RIFF\xff\xff\xff\xffWAVE'), ...chunks]);
const seconds = (count: number, frameBytes: number) => Buffer.alloc(count * 8000 * frameBytes, 3);

describe('a WAV file', () => {
  it.each([
    [
      'extensible PCM',
      riff(chunk('fmt ', extensible(1, 16)), chunk('data', seconds(2, 4))),
      'pcm_s16le',
    ],
    [
      'extensible A-law',
      riff(chunk('fmt ', extensible(6, 8)), chunk('data', seconds(2, 2))),
      'pcm_alaw',
    ],
    [
      'odd chunks in front and behind',
      riff(
        chunk('LIST', latin('INFOabc')),
        chunk('fmt ', extensible(7, 8)),
        chunk('fact', Buffer.alloc(4)),
        chunk('data', seconds(2, 2)),
        chunk('LIST', latin('INFOname')),
      ),
      'pcm_mulaw',
    ],
    [
      'a stream whose length was never written: 0',
      riff(chunk('fmt ', extensible(7, 8)), chunk('data', seconds(2, 2), 0)),
      'pcm_mulaw',
    ],
    [
      'a stream whose length was never written: all ones',
      riff(chunk('fmt ', extensible(7, 8)), chunk('data', seconds(2, 2), 0xffffffff)),
      'pcm_mulaw',
    ],
    [
      'a recording cut off by a crash',
      riff(chunk('fmt ', extensible(7, 8)), chunk('data', seconds(2, 2), 9_999_999)),
      'pcm_mulaw',
    ],
  ])('is understood in this process: %s', async (_name, bytes, codec) => {
    expect(await probeMedia(open(bytes), noDecoder)).toEqual({
      ...{ kind: 'audio', container: 'wav', codec, channels: 2, sampleRate: 8000 },
      durationMs: 2000,
    });
  });

  it('of another sample format goes to the decoder', async () => {
    const bytes = riff(chunk('fmt ', extensible(1, 24)), chunk('data', seconds(2, 6)));
    await expect(probeMedia(open(bytes), noDecoder)).rejects.toThrow('a child was asked');
  });

  it.each([
    ['no samples chunk', riff(chunk('fmt ', extensible(7, 8))), 'MEDIA_UNREADABLE'],
    ['samples before their format', riff(chunk('data', seconds(1, 2))), 'MEDIA_UNREADABLE'],
    ['a format of no size', riff(chunk('fmt ', Buffer.alloc(2))), 'MEDIA_UNREADABLE'],
    [
      'less than a frame',
      riff(chunk('fmt ', extensible(7, 8)), chunk('data', Buffer.alloc(1))),
      'MEDIA_EMPTY',
    ],
    ['nothing', Buffer.alloc(0), 'MEDIA_UNKNOWN'],
  ])('with %s is refused with %s', async (_name, bytes, code) => {
    const error = await probeMedia(open(bytes), noDecoder).catch((caught) => caught);
    expect(hasCode(error, code)).toBe(true);
  });

  it('longer than a day is refused with MEDIA_TOO_LONG', async () => {
    const frames = 8000 * 86_401;
    const header = buildWavHeader({
      ...{ codec: 'pcm_mulaw', channels: 1, sampleRate: 8000, sampleBytes: 1, frames },
    });
    const source = { ...open(header), sizeBytes: header.length + frames };
    const error = await probeMedia(source, noDecoder).catch((caught) => caught);
    expect(hasCode(error, 'MEDIA_TOO_LONG')).toBe(true);
  });

  it('cut anywhere in its header never gets through as something else', async () => {
    const whole = riff(chunk('fmt ', extensible(7, 8)), chunk('data', Buffer.alloc(16)));
    for (let length = 0; length < whole.length - 15; length += 1) {
      const error = await probeMedia(open(whole.subarray(0, length)), noDecoder).catch((e) => e);
      expect(['MEDIA_UNKNOWN', 'MEDIA_UNREADABLE', 'MEDIA_EMPTY']).toContain(error.code);
    }
  });
});
