import type { RecordMetadataInput } from '../packages/contract/src/intake.ts';
import { readLine, type Script } from './script.ts';
import { RATE, speakWord } from './speak-word.ts';

export interface Truth {
  tier: string;
  issue: string;
  industry?: string;
  pii: {
    type: string;
    text: string;
    digits?: string;
    channel: number;
    startMs: number;
    endMs: number;
  }[];
  /** Personal data in the free text of the metadata. */
  written?: { field: string; type: string; text: string }[];
}

export interface BuiltCall {
  /** Agent, customer. */
  channels: [Int16Array, Int16Array];
  metadata: RecordMetadataInput;
  transcript: {
    language: string;
    turns: {
      channel: number;
      speaker: string;
      startMs: number;
      endMs: number;
      text: string;
      words: { text: string; startMs: number; endMs: number }[];
    }[];
  };
  truth: Truth;
}

const LEAD_MS = 500;
const BETWEEN_WORDS_MS = 8;
const BETWEEN_TURNS_MS = 320;
const COMMA_MS = 130;
const STOP_MS = 240;
const VALUES: Record<string, string> = {
  ...{ 零: '0', 幺: '1', 一: '1', 二: '2', 三: '3', 四: '4', 五: '5', 六: '6', 七: '7', 八: '8' },
  九: '9',
};

/** Speaks a script word by word: every time in the result is where its samples really are. */
export function buildCall(script: Script): BuiltCall {
  const placed: { channel: 0 | 1; atMs: number; samples: Int16Array }[] = [];
  const turns: BuiltCall['transcript']['turns'] = [];
  const pii: Truth['pii'] = [];
  let nowMs = LEAD_MS;
  for (const line of script.lines) {
    const { channel, words } = readLine(line);
    const spoken: { text: string; startMs: number; endMs: number }[] = [];
    const marked = new Map<number, Truth['pii'][number]>();
    for (const word of words) {
      const samples = speakWord(word.text, channel);
      const startMs = nowMs;
      const endMs = startMs + (samples.length * 1000) / RATE;
      placed.push({ channel, atMs: startMs, samples });
      spoken.push({ text: word.text, startMs, endMs });
      if (word.pii !== undefined) {
        const { type, index } = word.pii;
        const text = word.text.replace(/[，。？！、]/gu, '');
        const before = marked.get(index);
        if (before === undefined) marked.set(index, { type, text, channel, startMs, endMs });
        else marked.set(index, { ...before, text: before.text + text, endMs });
      }
      nowMs = endMs + pauseAfter(word.text);
    }
    pii.push(...[...marked.values()].map(withDigits));
    turns.push({
      channel,
      speaker: channel === 0 ? 'agent' : 'customer',
      startMs: spoken[0]?.startMs ?? nowMs,
      endMs: spoken.at(-1)?.endMs ?? nowMs,
      text: spoken.map((word) => word.text).join(''),
      words: spoken,
    });
    nowMs += BETWEEN_TURNS_MS;
  }
  const durationMs = nowMs;
  const channels: BuiltCall['channels'] = [blank(durationMs), blank(durationMs)];
  for (const { channel, atMs, samples } of placed) {
    channels[channel].set(samples, (atMs * RATE) / 1000);
  }
  const events = script.moments.map(({ type, line, note }) => ({
    type,
    offsetMs: line === 'end' ? durationMs : (turns[line]?.startMs ?? 0),
    ...(note === undefined ? {} : { note }),
  }));
  const { tier, issue, industry, written } = script;
  return {
    channels,
    metadata: { sourceSystem: 'demo-pbx', ...script.metadata, durationMs, events },
    transcript: { language: 'zh', turns },
    truth: {
      ...{ tier, issue },
      ...(industry === undefined ? {} : { industry }),
      pii,
      ...(written === undefined ? {} : { written }),
    },
  };
}

const blank = (durationMs: number) => new Int16Array((durationMs * RATE) / 1000);

function pauseAfter(text: string): number {
  if (/[。？！]$/u.test(text)) return STOP_MS;
  return /[，、：]$/u.test(text) ? COMMA_MS : BETWEEN_WORDS_MS;
}

/** Numbers are also given as digits, whichever way they were said. */
function withDigits(found: Truth['pii'][number]): Truth['pii'][number] {
  if (!['id_card', 'bank_card', 'phone'].includes(found.type)) return found;
  const { type, text, ...rest } = found;
  return { type, text, digits: [...text].map((char) => VALUES[char] ?? char).join(''), ...rest };
}
