import { expansionTable } from '../../core/sound/g711.ts';
import type { WavLayout } from '../../core/sound/wav.ts';
import type { Peaks } from '../../record/facts.ts';

export type SampleLayout = Pick<
  WavLayout,
  'codec' | 'channels' | 'sampleRate' | 'sampleBytes' | 'frames'
>;

const MOST_STEPS = 4000;
const LEAST_STEP_MS = 20;

/** Lowest and highest sample of every step and channel, as frames stream by. */
export class PeakMeter {
  readonly #layout: SampleLayout;
  readonly #stepFrames: number;
  readonly #low: Int16Array[];
  readonly #high: Int16Array[];
  readonly #values: Int16Array | undefined;

  constructor(layout: SampleLayout) {
    this.#layout = layout;
    const least = Math.round((LEAST_STEP_MS * layout.sampleRate) / 1000);
    this.#stepFrames = Math.max(least, Math.ceil(layout.frames / MOST_STEPS));
    const steps = Math.ceil(layout.frames / this.#stepFrames);
    this.#low = Array.from({ length: layout.channels }, () => new Int16Array(steps));
    this.#high = Array.from({ length: layout.channels }, () => new Int16Array(steps));
    this.#values = layout.codec === 'pcm_s16le' ? undefined : expansionTable(layout.codec);
  }

  /** Whole frames, of which the first is frame `firstFrame` of the sound. */
  add(whole: Uint8Array, firstFrame: number): void {
    const samples = this.#values === undefined ? asInt16(whole) : whole;
    const { channels } = this.#layout;
    const frames = samples.length / channels;
    let from = 0;
    while (from < frames) {
      const step = Math.floor((firstFrame + from) / this.#stepFrames);
      const to = Math.min(frames, (step + 1) * this.#stepFrames - firstFrame);
      for (let channel = 0; channel < channels; channel += 1) {
        this.#measure(samples, from * channels + channel, to * channels, channel, step);
      }
      from = to;
    }
  }

  #measure(
    samples: Int16Array | Uint8Array,
    from: number,
    to: number,
    channel: number,
    step: number,
  ): void {
    const low = this.#low[channel];
    const high = this.#high[channel];
    if (low === undefined || high === undefined) return;
    const { channels } = this.#layout;
    const values = this.#values;
    let least = low[step] ?? 0;
    let most = high[step] ?? 0;
    for (let at = from; at < to; at += channels) {
      const sample = samples[at] as number;
      const value = values === undefined ? sample : (values[sample] as number);
      if (value < least) least = value;
      if (value > most) most = value;
    }
    low[step] = least;
    high[step] = most;
  }

  peaks(): Peaks {
    const scaled = (value: number) => Math.round((value / 32_768) * 1000) / 1000;
    return {
      stepMs: (this.#stepFrames * 1000) / this.#layout.sampleRate,
      channels: this.#low.map((low, channel) =>
        [...low].flatMap((value, step) => [
          scaled(value),
          scaled(this.#high[channel]?.[step] ?? 0),
        ]),
      ),
    };
  }
}

/** The bytes as 16-bit samples: a view where they lie evenly, else a copy. Little-endian machines. */
function asInt16(bytes: Uint8Array): Int16Array {
  const even = bytes.byteOffset % 2 === 0 ? bytes : Uint8Array.from(bytes);
  return new Int16Array(even.buffer, even.byteOffset, even.length / 2);
}
