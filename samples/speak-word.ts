import { spawnSync } from 'node:child_process';

export const RATE = 8000;
/** A male and a female variant, so that the ear and the waveform tell them apart. */
const VOICES = [
  { name: 'cmn-latn-pinyin+m3', pitch: 42, speed: 285 },
  { name: 'cmn-latn-pinyin+f2', pitch: 52, speed: 300 },
] as const;
/** Words whose reading the synthesiser gets wrong, in pinyin. */
const READINGS: Record<string, string> = {
  银行: 'yin2hang2',
  还款: 'huan2kuan3',
  还: 'hai2',
  分: 'fen1',
  重启: 'chong2qi3',
  重新: 'chong2xin1',
  着火: 'zhao2huo3',
  行: 'xing2',
  得: 'de5',
  了: 'le5',
  吗: 'ma5',
  吧: 'ba5',
  X: 'ai1ke4si1',
};
const DIGITS = 'ling2 yao1 er4 san1 si4 wu3 liu4 qi1 ba1 jiu3'.split(' ');
const LOUDNESS = 0.45;
const said = new Map<string, Int16Array>();

/**
 * One word as 8 kHz samples without the silence around it; the same samples each time. Figures are
 * read digit by digit. Throws when espeak-ng is missing or says nothing.
 */
export function speakWord(text: string, channel: 0 | 1): Int16Array {
  const plain = text.replace(/[，。？！、：；“”]/gu, '');
  const key = `${channel} ${plain}`;
  const known = said.get(key);
  if (known !== undefined) return known;
  const reading =
    READINGS[plain] ??
    (/^\d+$/.test(plain) ? [...plain].map((d) => DIGITS[Number(d)]).join(' ') : plain);
  const voice = VOICES[channel];
  const made = spawnSync(
    'espeak-ng',
    [
      ...['-b', '1', '-v', voice.name, '-s', String(voice.speed), '-p', String(voice.pitch)],
      ...['--stdout', reading],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  if (made.status !== 0) throw new Error(`espeak-ng: ${made.error?.message ?? made.stderr}`);
  const samples = level(trim(toTelephone(readSynthesised(made.stdout))));
  if (samples.length === 0) throw new Error(`espeak-ng says nothing for ${plain}`);
  said.set(key, samples);
  return samples;
}

/** espeak-ng writes a stream header: 44 bytes, PCM16 mono, sizes unknown. */
function readSynthesised(wav: Buffer): { rate: number; samples: Float64Array } {
  const samples = new Float64Array(Math.floor((wav.length - 44) / 2));
  for (let at = 0; at < samples.length; at += 1)
    samples[at] = wav.readInt16LE(44 + at * 2) / 32_768;
  return { rate: wav.readUInt32LE(24), samples };
}

/** Down to 8 kHz through a windowed sinc that ends where a telephone line ends (3.4 kHz). */
function toTelephone({ rate, samples }: { rate: number; samples: Float64Array }): Float64Array {
  const cutoff = 3400 / rate;
  const reach = 64;
  const out = new Float64Array(Math.floor((samples.length * RATE) / rate));
  for (let at = 0; at < out.length; at += 1) {
    const centre = (at * rate) / RATE;
    let sum = 0;
    for (let from = Math.ceil(centre - reach); from <= centre + reach; from += 1) {
      const sample = samples[from];
      if (sample === undefined) continue;
      const away = from - centre;
      const sinc =
        away === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * away) / (Math.PI * away);
      sum += sample * sinc * (0.5 + 0.5 * Math.cos((Math.PI * away) / reach));
    }
    out[at] = sum;
  }
  return out;
}

/** Without the quiet at both ends, and as many whole milliseconds as are needed. */
function trim(samples: Float64Array): Float64Array {
  const loud = (value: number) => Math.abs(value) > 0.004;
  const first = samples.findIndex(loud);
  const last = samples.findLastIndex(loud);
  if (first === -1) return new Float64Array(0);
  const perMs = RATE / 1000;
  const out = new Float64Array(Math.ceil((last + 1 - first) / perMs) * perMs);
  out.set(samples.subarray(first, last + 1));
  return out;
}

function level(samples: Float64Array): Int16Array {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int16Array.from(samples, (value) => Math.round((value / peak) * LOUDNESS * 32_767));
}
