import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { compressSample, expansionTable } from '../../core/sound/g711.ts';
import { buildWavHeader, readWavLayout, type WavCodec } from '../../core/sound/wav.ts';
import { maskWav, verifyMaskedWav } from './mask-samples.ts';

const CODECS: WavCodec[] = ['pcm_s16le', 'pcm_mulaw', 'pcm_alaw'];

function file(codec: WavCodec, channels: number, frames: number): Buffer {
  const sampleBytes = codec === 'pcm_s16le' ? 2 : 1;
  const header = buildWavHeader({ codec, channels, frames, sampleBytes, sampleRate: 8000 });
  const body = Buffer.from(
    Uint8Array.from({ length: frames * channels * sampleBytes }, (_, at) => (at * 131 + 17) % 251),
  );
  return Buffer.concat([header, body]);
}

const open = (bytes: Buffer, chunk = 333) => ({
  sizeBytes: bytes.length,
  readRange: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
  stream: async function* (start = 0, end = bytes.length) {
    for (let at = start; at < end; at += chunk) yield bytes.subarray(at, Math.min(end, at + chunk));
  },
});

async function masked(bytes: Buffer, spans: { channel: number; startMs: number; endMs: number }[]) {
  const layout = await readWavLayout(open(bytes));
  if (layout === undefined) throw new Error('no layout');
  const result = maskWav(open(bytes), layout, spans);
  const out: Uint8Array[] = [];
  for await (const part of result.stream) out.push(part);
  return { layout, out: Buffer.concat(out), peaks: await result.peaks };
}

it('G.711 expands and compresses every code back to itself', () => {
  for (const law of ['pcm_mulaw', 'pcm_alaw'] as const) {
    for (let code = 0; code < 256; code += 1) {
      const value = expansionTable(law)[code] ?? 0;
      // µ-law has two zeros.
      const again = compressSample(law, value);
      expect(expansionTable(law)[again]).toBe(value);
    }
  }
  expect(expansionTable('pcm_mulaw')[0x00]).toBe(-32124);
  expect(expansionTable('pcm_alaw')[0x2a]).toBe(-32256);
});

it('changes every sample in a span on its channel to the tone and no other bit', async () => {
  const spans = fc.array(
    fc.record({
      channel: fc.integer({ min: 0, max: 1 }),
      startMs: fc.integer({ min: 0, max: 900 }),
      lengthMs: fc.integer({ min: 1, max: 300 }),
    }),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...CODECS), spans, async (codec, given) => {
      const bytes = file(codec, 2, 8000);
      const wanted = given.map(({ channel, startMs, lengthMs }) => ({
        ...{ channel, startMs, endMs: startMs + lengthMs },
      }));
      const { layout, out } = await masked(bytes, wanted);
      expect(out.length).toBe(bytes.length);
      const again = await readWavLayout(open(out));
      await verifyMaskedWav(open(out), again ?? layout, wanted);
      for (let frame = 0; frame < 8000; frame += 1) {
        for (const channel of [0, 1]) {
          const ms = frame / 8;
          const inside = wanted.some(
            (span) => span.channel === channel && ms >= span.startMs && ms < span.endMs,
          );
          const at = layout.dataOffset + (frame * 2 + channel) * layout.sampleBytes;
          const same = out
            .subarray(at, at + layout.sampleBytes)
            .equals(bytes.subarray(at, at + layout.sampleBytes));
          if (!inside && !same) throw new Error(`frame ${frame} channel ${channel} was changed`);
        }
      }
    }),
    { numRuns: 40 },
  );
});

it('leaves no trace of what was said: other words under the same spans give the same bytes', async () => {
  const spans = [
    { channel: 1, startMs: 100, endMs: 500 },
    { channel: 1, startMs: 450, endMs: 700 },
  ];
  for (const codec of CODECS) {
    const one = file(codec, 2, 8000);
    const other = Buffer.from(one);
    const { dataOffset, sampleBytes } = (await readWavLayout(open(one))) ?? {};
    if (dataOffset === undefined || sampleBytes === undefined) throw new Error('no layout');
    for (let frame = 800; frame < 5600; frame += 1) {
      const at = dataOffset + (frame * 2 + 1) * sampleBytes;
      for (let byte = at; byte < at + sampleBytes; byte += 1) other[byte] = (frame * 31) % 256;
    }
    expect(other.equals(one)).toBe(false);
    expect((await masked(other, spans)).out.equals((await masked(one, spans)).out)).toBe(true);
  }
});

it('notices a single sample of speech in a span, with MASK_INCOMPLETE', async () => {
  const spans = [{ channel: 1, startMs: 100, endMs: 500 }];
  const { layout, out } = await masked(file('pcm_mulaw', 2, 8000), spans);
  const at = layout.dataOffset + (2000 * 2 + 1) * layout.sampleBytes;
  out[at] = (out[at] ?? 0) ^ 1;
  const error = await verifyMaskedWav(open(out), layout, spans).catch((caught) => caught);
  expect(hasCode(error, 'MASK_INCOMPLETE')).toBe(true);
});

it.each([
  ['behind the end of the call', 1000, 1200],
  ['that ends before it begins', 500, 400],
  ['of no length', 500, 500],
  ['with a time that is no number', Number.NaN, 400],
])('refuses a span %s, with MASK_INCOMPLETE', async (_name, startMs, endMs) => {
  const spans = [{ channel: 0, startMs, endMs }];
  const error = await masked(file('pcm_mulaw', 2, 8000), spans).catch((caught) => caught);
  expect(hasCode(error, 'MASK_INCOMPLETE')).toBe(true);
});

it('masks to the last sample, and all channels for a voice that has none of its own', async () => {
  const { layout, out } = await masked(file('pcm_s16le', 1, 8000), [
    { channel: 1, startMs: 900, endMs: 2500 },
  ]);
  const tail = out.subarray(layout.dataOffset + 7200 * 2);
  expect(tail.equals(file('pcm_s16le', 1, 8000).subarray(-tail.length))).toBe(false);
  await verifyMaskedWav(open(out), layout, [{ channel: 0, startMs: 900, endMs: 1000 }]);
});

it('drops chunks that could carry names, and reads files whose sizes say "to the end"', async () => {
  const plain = file('pcm_mulaw', 2, 800);
  const header = plain.subarray(0, plain.length - 1600 - 8);
  const list = Buffer.from('LIST\x0c\x00\x00\x00INFOsecretXX', 'latin1');
  const data = Buffer.from('data\xff\xff\xff\xff', 'latin1');
  const bytes = Buffer.concat([header, list, data, plain.subarray(plain.length - 1600)]);
  const { out, layout } = await masked(bytes, []);
  expect(layout.frames).toBe(800);
  expect(out.includes('secret')).toBe(false);
});

it('an RF64 file ends where it says: what stands behind its samples is no sound', async () => {
  const plain = file('pcm_s16le', 2, 800);
  const sizes = Buffer.alloc(36);
  sizes.write('ds64', 0, 'latin1');
  sizes.writeUInt32LE(28, 4);
  sizes.writeBigUInt64LE(3200n, 16);
  const head = Buffer.from(plain.subarray(12, 44));
  head.writeUInt32LE(0xffffffff, 28);
  const riff = Buffer.from('RF64\xff\xff\xff\xffWAVE', 'latin1');
  const list = Buffer.from('LIST\x0c\x00\x00\x00INFOsecretXX', 'latin1');
  const bytes = Buffer.concat([riff, sizes, head, plain.subarray(44), list]);
  const { out, layout } = await masked(bytes, []);
  expect(layout.frames).toBe(800);
  expect(out.includes('secret')).toBe(false);
});

it.each([
  ['nothing', Buffer.alloc(0), 'MEDIA_UNREADABLE'],
  [
    'a header only',
    buildWavHeader({
      codec: 'pcm_s16le',
      channels: 1,
      sampleRate: 8000,
      sampleBytes: 2,
      frames: 0,
    }),
    'MEDIA_EMPTY',
  ],
  ['text', Buffer.from('ffconcat version 1.0\nfile /etc/passwd\n'), 'MEDIA_UNREADABLE'],
  ['a cut header', file('pcm_s16le', 1, 100).subarray(0, 30), 'MEDIA_UNREADABLE'],
])('refuses %s', async (_name, bytes, code) => {
  const error = await readWavLayout(open(bytes)).catch((caught) => caught);
  expect(hasCode(error, code)).toBe(true);
});

it('measures peaks of what will be heard', async () => {
  const { peaks } = await masked(file('pcm_s16le', 2, 8000), []);
  expect(peaks.stepMs).toBe(20);
  expect(peaks.channels.map((channel) => channel.length)).toEqual([100, 100]);
  expect(Math.max(...(peaks.channels[0] ?? []))).toBeGreaterThan(0.5);
});
