import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildWavHeader } from '../../core/sound/wav.ts';
import { openPlayback, parseRange } from './index.ts';

const layout = { channels: 2, sampleRate: 8000, sampleBytes: 1, frames: 40_000 } as const;
const facts = { mediaType: 'audio/wav', kind: 'audio', channels: 2, sampleRate: 8000 } as const;

it('gives any stretch of a G.711 call as the same bytes of one PCM file', async () => {
  const codes = Buffer.from(Uint8Array.from({ length: 80_000 }, (_, at) => (at * 37) % 256));
  const bytes = Buffer.concat([buildWavHeader({ ...layout, codec: 'pcm_mulaw' }), codes]);
  const object = {
    sizeBytes: bytes.length,
    readRange: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
    stream: async function* () {
      yield bytes;
    },
  };
  const playback = await openPlayback(object, { ...facts, codec: 'pcm_mulaw' });
  const read = async (start: number, end: number) => {
    const parts: Uint8Array[] = [];
    for await (const part of playback.read(start, end)) parts.push(part);
    return Buffer.concat(parts);
  };
  const whole = await read(0, playback.sizeBytes);
  expect(whole.length).toBe(playback.sizeBytes);
  expect(whole.toString('latin1', 0, 4)).toBe('RIFF');
  const point = fc.integer({ min: 0, max: playback.sizeBytes });
  await fc.assert(
    fc.asyncProperty(point, point, async (a, b) => {
      const [start, end] = a < b ? [a, b] : [b, a];
      expect((await read(start, end)).equals(whole.subarray(start, end))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

it.each([
  [undefined, undefined],
  ['bytes=0-', { start: 0, endExclusive: 100 }],
  ['bytes=10-19', { start: 10, endExclusive: 20 }],
  ['bytes=90-500', { start: 90, endExclusive: 100 }],
  ['bytes=-5', { start: 95, endExclusive: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-2', undefined],
  ['bytes=0-1,3-4', undefined],
  ['lines=1-2', undefined],
])('understands Range %s', (header, expected) => {
  expect(parseRange(header, 100)).toEqual(expected);
});

// The values are those that ffmpeg gives for the same codes.
it('gives the samples of the call: ITU-T G.711 expanded, header of a PCM file in front', async () => {
  const codes = Buffer.from([0x00, 0x80, 0x7f, 0xff, 0x2a, 0xd5]);
  const expected = {
    pcm_mulaw: [-32124, 32124, 0, 0, -5372, 716],
    pcm_alaw: [-5504, 5504, -848, 848, -32256, 8],
  } as const;
  for (const codec of ['pcm_mulaw', 'pcm_alaw'] as const) {
    const short = { ...layout, frames: 3, codec };
    const bytes = Buffer.concat([buildWavHeader(short), codes]);
    const playback = await openPlayback(
      {
        sizeBytes: bytes.length,
        readRange: async (offset, length) => bytes.subarray(offset, offset + length),
        stream: async function* () {
          yield bytes;
        },
      },
      { ...facts, codec },
    );
    const parts: Uint8Array[] = [];
    for await (const part of playback.read(0, playback.sizeBytes)) parts.push(part);
    const whole = Buffer.concat(parts);
    expect(whole.readUInt16LE(20)).toBe(1);
    expect(whole.readUInt32LE(40)).toBe(12);
    const samples = [0, 1, 2, 3, 4, 5].map((at) => whole.readInt16LE(44 + at * 2));
    expect(samples).toEqual(expected[codec]);
  }
});
