import { describe, expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { buildWavHeader } from '../../core/sound/wav.ts';
import type { MediaFacts } from '../../record/facts.ts';
import type { OpenObject } from '../../record/vault.ts';
import type { SoundWorkshop } from './ports.ts';
import { spansWithSound } from './sound-under.ts';

const FRAMES = 8000;
const SPAN = { channel: 1, startMs: 200, endMs: 400 };

/** A second of 8 kHz; `levels` are those of the channels between 250 and 300 ms, else silence. */
function pcmOf(levels: number[]): Buffer {
  const bytes = Buffer.alloc(FRAMES * levels.length * 2);
  for (let frame = 2000; frame < 2400; frame += 1) {
    levels.forEach((level, channel) => {
      const at = (frame * levels.length + channel) * 2;
      bytes.writeInt16LE(frame % 2 === 0 ? level : -level, at);
    });
  }
  return bytes;
}

const open = (bytes: Buffer): OpenObject => ({
  sizeBytes: bytes.length,
  readRange: async (offset, length) => bytes.subarray(offset, offset + length),
  stream: async function* (start = 0, end = bytes.length) {
    for (let at = start; at < end; at += 999) yield bytes.subarray(at, Math.min(end, at + 999));
  },
});

/** The same sound as WAV, and as something that has to be decoded. */
describe.each(['wav', 'mp3'])('spans with sound, of %s', (container) => {
  const widen = (levels: number[], spans = [SPAN]) => {
    const channels = levels.length;
    const facts: MediaFacts = {
      ...{ kind: 'audio', container, codec: 'any', channels, sampleRate: 8000, durationMs: 1000 },
    };
    const pcm = pcmOf(levels);
    const layout = { codec: 'pcm_s16le', channels, sampleRate: 8000, frames: FRAMES } as const;
    const header = buildWavHeader({ ...layout, sampleBytes: 2 });
    const workshop = { decodeAudio: () => open(pcm).stream() } as unknown as SoundWorkshop;
    return spansWithSound(workshop, facts, open(Buffer.concat([header, pcm])), spans);
  };

  it('a voice that is heard on its channel alone is masked there alone', async () => {
    expect(await widen([0, 9000])).toEqual([SPAN]);
  });

  it('an echo on the other channel is masked with the voice', async () => {
    expect(await widen([200, 9000])).toEqual([{ ...SPAN, channel: 0 }, SPAN]);
  });

  it('channels numbered the other way round than the transcript has them leave nothing audible', async () => {
    expect(await widen([9000, 0])).toEqual([{ ...SPAN, channel: 0 }, SPAN]);
    expect((await widen([0, 0, 0, 9000])).map((span) => span.channel)).toEqual([1, 3]);
  });

  it('a span under which nothing is heard at all is refused, with TRANSCRIPT_TIMES_BAD', async () => {
    const elsewhere = [{ channel: 1, startMs: 600, endMs: 900 }];
    const error = await widen([9000, 9000], elsewhere).catch((caught) => caught);
    expect(hasCode(error, 'TRANSCRIPT_TIMES_BAD')).toBe(true);
  });

  it('no span, nothing read', async () => {
    expect(await widen([9000, 9000], [])).toEqual([]);
  });
});
