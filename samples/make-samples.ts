// Makes samples/NN-slug.{wav|mp4,json,transcript.json,truth.json} from dialogues.ts. Needs espeak-ng
// and ffmpeg: node samples/make-samples.ts
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compressSample } from '../packages/server/src/core/sound/g711.ts';
import { buildWavHeader } from '../packages/server/src/core/sound/wav.ts';
import { DIALOGUES, type Dialogue } from './dialogues.ts';

const RATE = 8000;
const VOICES = { A: ['cmn+m3', '175'], C: ['cmn+f2', '165'] } as const;
const BETWEEN_WORDS_S = 0.03;
const BETWEEN_TURNS_S = 0.45;

interface Word {
  text: string;
  startMs: number;
  endMs: number;
  type?: string;
  group: number;
}
interface Turn {
  channel: number;
  words: Word[];
}

const spoken = new Map<string, Int16Array>();
for (const dialogue of DIALOGUES) {
  make(dialogue);
  console.log(`${dialogue.slug}`);
}

function make(dialogue: Dialogue): void {
  const { turns, sound } = perform(dialogue.lines);
  const base = join(import.meta.dirname, dialogue.slug);
  const durationMs = Math.round((sound[0].length / RATE) * 1000);
  const wav = stereo(sound);
  if (dialogue.video === true) writeVideo(`${base}.mp4`, wav, durationMs / 1000);
  else writeFileSync(`${base}.wav`, wav);
  const metadata = { sourceSystem: 'samples', direction: 'inbound', ...dialogue.metadata };
  write(`${base}.json`, metadata);
  write(`${base}.transcript.json`, {
    language: 'zh-CN',
    turns: turns.map(({ channel, words }) => ({
      channel,
      speaker: channel === 0 ? 'agent' : 'customer',
      startMs: words[0]?.startMs ?? 0,
      endMs: words.at(-1)?.endMs ?? 0,
      text: words.map((word) => word.text).join(''),
      words: words.map(({ text, startMs, endMs }) => ({ text, startMs, endMs })),
    })),
  });
  write(`${base}.truth.json`, {
    tier: dialogue.tier,
    issue: dialogue.issue,
    ...(dialogue.industry === undefined ? {} : { industry: dialogue.industry }),
    durationMs,
    pii: turns.flatMap(personalData),
  });
}

function personalData({ channel, words }: Turn): object[] {
  const groups = Map.groupBy(
    words.filter((word) => word.type !== undefined),
    (word) => word.group,
  );
  return [...groups.values()].map((group) => {
    const text = group.map((word) => word.text).join('');
    const digits = [...text].map((letter) => '零幺二三四五六七八九叉'.indexOf(letter));
    return {
      type: group[0]?.type,
      text,
      ...(digits.every((digit) => digit >= 0)
        ? { digits: digits.map((digit) => (digit === 10 ? 'X' : digit)).join('') }
        : {}),
      channel,
      startMs: group[0]?.startMs,
      endMs: group.at(-1)?.endMs,
    };
  });
}

function perform(lines: string[]): { turns: Turn[]; sound: [Int16Array, Int16Array] } {
  const turns: Turn[] = [];
  const parts: { channel: number; at: number; samples: Int16Array }[] = [];
  let at = Math.round(0.3 * RATE);
  let group = 0;
  for (const line of lines) {
    const [who = 'A', ...tokens] = line.split(' ');
    const channel = who === 'A' ? 0 : 1;
    const turn: Turn = { channel, words: [] };
    let type: string | undefined;
    for (const token of tokens) {
      if (token.startsWith('<')) {
        type = token.slice(1);
        group += 1;
        continue;
      }
      const text = token.replace('>', '');
      const samples = say(who as 'A' | 'C', text);
      const startMs = Math.round((at / RATE) * 1000);
      const endMs = Math.round(((at + samples.length) / RATE) * 1000);
      turn.words.push({ text, startMs, endMs, group, ...(type === undefined ? {} : { type }) });
      parts.push({ channel, at, samples });
      at += samples.length + Math.round(BETWEEN_WORDS_S * RATE);
      if (token.endsWith('>')) type = undefined;
    }
    turns.push(turn);
    at += Math.round(BETWEEN_TURNS_S * RATE);
  }
  const sound: [Int16Array, Int16Array] = [new Int16Array(at), new Int16Array(at)];
  for (const part of parts) sound[part.channel as 0 | 1].set(part.samples, part.at);
  return { turns, sound };
}

/** One word as 8 kHz samples, without the silence around it. */
function say(who: 'A' | 'C', text: string): Int16Array {
  const key = who + text;
  const known = spoken.get(key);
  if (known !== undefined) return known;
  const [voice, speed] = VOICES[who];
  const raw = run('espeak-ng', ['-v', voice, '-s', speed, '--stdout', text]);
  const pcm = run(
    'ffmpeg',
    [
      '-v',
      'error',
      '-f',
      'wav',
      '-i',
      'pipe:0',
      '-ar',
      String(RATE),
      '-ac',
      '1',
      '-f',
      's16le',
      'pipe:1',
    ],
    raw,
  );
  const samples = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.length));
  const loud = (value: number) => Math.abs(value) > 250;
  const start = Math.max(0, samples.findIndex(loud) - 40);
  const end = Math.min(samples.length, samples.findLastIndex(loud) + 80);
  const word = samples.slice(start, end);
  if (word.length < 400) throw new Error(`nothing is heard of "${text}"`);
  spoken.set(key, word);
  return word;
}

function stereo([left, right]: [Int16Array, Int16Array]): Buffer {
  const frames = left.length;
  const layout = {
    codec: 'pcm_mulaw',
    channels: 2,
    sampleRate: RATE,
    sampleBytes: 1,
    frames,
  } as const;
  const body = Buffer.alloc(frames * 2);
  for (let frame = 0; frame < frames; frame += 1) {
    body[frame * 2] = compressSample('pcm_mulaw', left[frame] ?? 0);
    body[frame * 2 + 1] = compressSample('pcm_mulaw', right[frame] ?? 0);
  }
  return Buffer.concat([buildWavHeader(layout), body]);
}

/** A drawn picture that moves, with the call's two channels as sound. */
function writeVideo(file: string, wav: Buffer, seconds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'voxkeep-samples-'));
  writeFileSync(join(folder, 'call.wav'), wav);
  const picture = `testsrc2=size=320x240:rate=10:duration=${seconds}`;
  run('ffmpeg', [
    ...['-y', '-v', 'error', '-f', 'lavfi', '-i', picture, '-i', join(folder, 'call.wav')],
    ...['-c:v', 'libx264', '-preset', 'slow', '-crf', '34', '-pix_fmt', 'yuv420p', '-bf', '0'],
    ...[
      '-c:a',
      'aac',
      '-b:a',
      '48k',
      '-ar',
      '16000',
      '-fflags',
      '+bitexact',
      '-movflags',
      '+faststart',
      file,
    ],
  ]);
  rmSync(folder, { recursive: true });
}

function run(command: string, args: string[], input?: Buffer): Buffer {
  const done = spawnSync(command, args, { input, maxBuffer: 64 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  return done.stdout;
}

function write(file: string, value: unknown): void {
  writeFileSync(
    file,
    `${JSON.stringify(value, null, 1)}
`,
  );
}
