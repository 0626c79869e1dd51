import { randomUUID } from 'node:crypto';
import type { Seeded } from '../access/random.ts';
import { uploadOf } from '../calls.ts';

/** What a call is about decides in which pool its objects lie. */
export const TALKS = {
  basic: ['请问周末的营业时间？', '周末九点营业。'],
  core: ['家里宽带坏了断网了，要报修故障。', '马上派人维修。'],
  sensitive: ['身份证号11010519491231002X', '好的，已核实。'],
} as const;
export type Talk = keyof typeof TALKS;

/** A call of a second or two, its upload ready to be sent again and again. */
export interface ShortCall {
  talk: Talk;
  sourceCallId: string;
  startedAt: string;
  body: Buffer;
  contentType: string;
}

const RATE = 8000;
const WORD_MS = 900;

/** A new call. Its sound is noise where somebody speaks, a different one each time. */
export function shortCall(talk: Talk, random: Seeded, now: Date): ShortCall {
  const sourceCallId = `crash-${randomUUID()}`;
  const startedAt = new Date(now.getTime() - 60_000).toISOString();
  const turns = TALKS[talk].map((text, at) => {
    const startMs = 100 + at * (WORD_MS + 100);
    const endMs = startMs + WORD_MS;
    const [channel, speaker] = at === 0 ? [1, 'customer'] : [0, 'agent'];
    return { channel, speaker, startMs, endMs, text, words: [{ text, startMs, endMs }] };
  });
  const upload = uploadOf({
    metadata: {
      ...{ sourceSystem: 'crash', sourceCallId, startedAt, agent: { id: '001' }, team: '一组' },
      customer: { phone: '13800005128' },
    },
    transcript: Buffer.from(JSON.stringify({ language: 'zh', turns })),
    media: noise(turns, random),
    mediaType: 'audio/wav',
  });
  return { talk, sourceCallId, startedAt, ...upload };
}

interface Spoken {
  channel: number;
  startMs: number;
  endMs: number;
}

/** PCM WAV of two channels (RIFF, 16 bits). */
function noise(turns: readonly Spoken[], random: Seeded): Buffer {
  const frames = (RATE * (100 + turns.length * (WORD_MS + 100))) / 1000;
  const bytes = Buffer.alloc(44 + frames * 4);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + frames * 4, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 4, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(frames * 4, 40);
  for (const { channel, startMs, endMs } of turns) {
    for (let frame = (startMs * RATE) / 1000; frame < (endMs * RATE) / 1000; frame += 1) {
      const loud = Math.round((random.unit() - 0.5) * 12_000);
      bytes.writeInt16LE(loud, 44 + Math.floor(frame) * 4 + channel * 2);
    }
  }
  return bytes;
}
