// Writes the demonstration calls beside this file: the same bytes at every run.
//   node samples/make-samples.ts        (Node 24, with espeak-ng and ffmpeg)
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compressSample } from '../packages/server/src/core/sound/g711.ts';
import { buildWavHeader, type WavCodec } from '../packages/server/src/core/sound/wav.ts';
import { type BuiltCall, buildCall } from './build-call.ts';
import { drawVideo } from './draw-video.ts';
import type { Script } from './script.ts';
import { SENSITIVE_CALLS } from './sensitive-calls.ts';
import { SERVICE_CALLS } from './service-calls.ts';
import { RATE } from './speak-word.ts';

const calls = [...SERVICE_CALLS, ...SENSITIVE_CALLS].sort((a, b) => (a.slug < b.slug ? -1 : 1));
for (const script of calls) {
  const call = buildCall(script);
  const sound = soundFile(call, script.form === 'video' ? 'pcm_s16le' : script.form);
  const seconds = (call.channels[0].length / RATE).toFixed(3);
  const [ending, media] =
    script.form === 'video' ? ['mp4', drawVideo(sound, Number(seconds))] : ['wav', sound];
  write(script, ending, media);
  write(script, 'json', json(call.metadata));
  write(script, 'transcript.json', json(call.transcript));
  write(script, 'truth.json', json(call.truth));
  process.stdout.write(`${script.slug}.${ending} ${seconds} s ${media.length} bytes\n`);
}

function write(script: Script, ending: string, bytes: Buffer | string): void {
  writeFileSync(join(import.meta.dirname, `${script.slug}.${ending}`), bytes);
}

function soundFile(call: BuiltCall, codec: WavCodec): Buffer {
  const [agent, customer] = call.channels;
  const frames = agent.length;
  const sampleBytes = codec === 'pcm_s16le' ? 2 : 1;
  const layout = { codec, channels: 2, sampleRate: RATE, sampleBytes, frames } as const;
  const body = Buffer.alloc(frames * 2 * sampleBytes);
  for (let frame = 0; frame < frames; frame += 1) {
    [agent, customer].forEach((samples, channel) => {
      const at = (frame * 2 + channel) * sampleBytes;
      const value = samples[frame] ?? 0;
      if (codec === 'pcm_s16le') body.writeInt16LE(value, at);
      else body[at] = compressSample(codec, value);
    });
  }
  return Buffer.concat([buildWavHeader(layout), body]);
}

/** One turn, word or finding a line, so that a change shows as one. */
function json(value: object): string {
  const text = JSON.stringify(value, null, 1);
  return `${text.replace(/\{\s+("text"[^{}]*?)\s+\}/g, (_, inner: string) => `{ ${inner.replace(/\s*\n\s*/g, ' ')} }`)}\n`;
}
