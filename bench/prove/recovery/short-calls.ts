import type { TrueCall } from '../calls.ts';
import { WAV_HEADER_BYTES, wavHeader } from '../wav-header.ts';

const RATE = 8000;
const WORD_MS = 220;
const GAP_MS = 20;
const LEAD_MS = 200;

/** Who speaks (0 agent, 1 customer) and what, words set apart by spaces. */
const LINES: Record<'basic' | 'core' | 'sensitive', [0 | 1, string][]> = {
  basic: [
    [0, '您好， 请讲。'],
    [1, '查 一下 套餐 余量。'],
  ],
  core: [
    [0, '您好， 请讲。'],
    [1, '光猫 坏了， 设备 故障， 上不了网。'],
  ],
  sensitive: [
    [0, '请 报 身份证号。'],
    [1, '身份证号 是 一 一 零 一 零 一 一 九 八 七 零 三 一 六 二 七 二 一。'],
  ],
};
const TIERS = ['basic', 'core', 'basic', 'sensitive'] as const;

/** A call of a few seconds, of one of three tiers; no two have the same bytes. */
export function shortCall(n: number): TrueCall & { sourceCallId: string } {
  const tier = TIERS[n % TIERS.length] ?? 'basic';
  const { transcript, media } = made(tier);
  const sourceCallId = `recovery-${n}`;
  const startedAt = new Date(Date.UTC(2026, n % 11, 1 + (n % 27), 1, n % 60, n % 59));
  const own = Buffer.from(media);
  // Silence at the end says which call it is, too softly to hear.
  for (let bit = 0; bit < 24; bit += 1)
    own.writeInt16LE((n >> bit) & 1, own.length - 100 + bit * 4);
  return {
    ...{ name: sourceCallId, sourceCallId, media: own, mediaType: 'audio/wav' },
    ...{ tier, issue: '', pii: [], written: [], clean: tier === 'basic' },
    transcript: Buffer.from(JSON.stringify(transcript)),
    metadata: {
      ...{ sourceSystem: 'prove', sourceCallId, startedAt: startedAt.toISOString() },
      ...{ agent: { id: `00${1 + (n % 7)}`, name: '许嘉宁' }, team: '一组', queue: '综合' },
      customer: { phone: `1380000${String(n % 10_000).padStart(4, '0')}` },
    },
  };
}

const kept = new Map<string, ReturnType<typeof make>>();
function made(tier: keyof typeof LINES) {
  const call = kept.get(tier) ?? make(tier);
  kept.set(tier, call);
  return call;
}

function make(tier: keyof typeof LINES) {
  let nowMs = LEAD_MS;
  const turns = LINES[tier].map(([channel, line]) => {
    const words = line.split(' ').map((text) => {
      const startMs = nowMs;
      nowMs += WORD_MS + GAP_MS;
      return { text, startMs, endMs: startMs + WORD_MS };
    });
    const text = words.map((word) => word.text).join('');
    const [startMs, endMs] = [words[0]?.startMs ?? 0, words.at(-1)?.endMs ?? 0];
    return { channel, speaker: channel === 0 ? 'agent' : 'customer', startMs, endMs, text, words };
  });
  const frames = Math.ceil(((nowMs + LEAD_MS) * RATE) / 1000);
  const media = Buffer.alloc(WAV_HEADER_BYTES + frames * 4);
  wavHeader('pcm', { channels: 2, sampleRate: RATE, soundBytes: frames * 4 }).copy(media);
  for (const { channel, words } of turns) {
    for (const { startMs, endMs } of words) {
      for (let at = (startMs * RATE) / 1000; at < (endMs * RATE) / 1000; at += 1) {
        media.writeInt16LE(voice(at, channel), WAV_HEADER_BYTES + Math.floor(at) * 4 + channel * 2);
      }
    }
  }
  return { transcript: { language: 'zh', turns }, media };
}

/** A buzz with several overtones: not a tone, and not silence. */
function voice(at: number, channel: number): number {
  const pitch = channel === 0 ? 190 : 130;
  let sum = 0;
  for (let overtone = 1; overtone <= 9; overtone += 1) {
    sum += Math.sin((2 * Math.PI * pitch * overtone * at) / RATE + overtone) / Math.sqrt(overtone);
  }
  return Math.round(sum * 2500);
}
