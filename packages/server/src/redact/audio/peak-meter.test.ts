import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { WavCodec } from '../../core/sound/wav.ts';
import { sampleReader } from '../../core/sound/wav.ts';
import { PeakMeter } from './peak-meter.ts';

it('gives the lowest and highest sample of every step, however the bytes come', () => {
  const codecs = fc.constantFrom<WavCodec>('pcm_s16le', 'pcm_mulaw', 'pcm_alaw');
  const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      codecs,
      fc.integer({ min: 1, max: 3 }),
      cuts,
      fc.boolean(),
      (codec, channels, pieces, odd) => {
        const sampleBytes = codec === 'pcm_s16le' ? 2 : 1;
        const frames = pieces.reduce((sum, piece) => sum + piece, 0);
        const frameBytes = channels * sampleBytes;
        const sound = Buffer.from(
          Uint8Array.from({ length: frames * frameBytes }, (_, at) => (at * 97 + (at >> 3)) % 256),
        );
        const meter = new PeakMeter({ codec, channels, sampleBytes, frames, sampleRate: 8000 });
        let frame = 0;
        for (const piece of pieces) {
          const bytes = sound.subarray(frame * frameBytes, (frame + piece) * frameBytes);
          // Samples do not always lie at even addresses.
          const moved = Buffer.concat([Buffer.alloc(odd ? 1 : 0), bytes]).subarray(odd ? 1 : 0);
          meter.add(moved, frame);
          frame += piece;
        }
        const { stepMs, channels: peaks } = meter.peaks();
        expect(stepMs).toBe(20);
        const read = sampleReader(codec);
        peaks.forEach((values, channel) => {
          expect(values).toHaveLength(Math.ceil(frames / 160) * 2);
          for (let step = 0; step < values.length / 2; step += 1) {
            let [low, high] = [0, 0];
            for (let at = step * 160; at < Math.min(frames, step * 160 + 160); at += 1) {
              const value = read(sound, at * frameBytes + channel * sampleBytes);
              [low, high] = [Math.min(low, value), Math.max(high, value)];
            }
            expect(values[step * 2]).toBeCloseTo(low / 32_768, 3);
            expect(values[step * 2 + 1]).toBeCloseTo(high / 32_768, 3);
          }
        });
      },
    ),
    { numRuns: 60 },
  );
});

it('stays short for a day of sound', () => {
  const layout = { codec: 'pcm_mulaw', channels: 1, sampleBytes: 1, sampleRate: 8000 } as const;
  const { stepMs, channels } = new PeakMeter({ ...layout, frames: 8000 * 86_400 }).peaks();
  expect(channels[0]?.length).toBeLessThanOrEqual(8000);
  expect(stepMs).toBeGreaterThan(20_000);
});
