import type { TranscriptView } from '@voxkeep/contract';

const RATE = 8000;

/** Stereo 16-bit WAV that hums where somebody speaks and is silent where words are masked. */
export function soundOf({ turns }: TranscriptView, durationMs: number): Buffer {
  const frames = Math.ceil((durationMs / 1000) * RATE);
  const wav = Buffer.alloc(44 + frames * 4);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + frames * 4, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE * 4, 28);
  wav.writeUInt16LE(4, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(frames * 4, 40);
  for (const { channel, words } of turns) {
    for (const { startMs, endMs, masked } of words) {
      if (masked !== undefined) continue;
      const from = Math.floor((startMs / 1000) * RATE);
      const to = Math.min(frames, Math.floor((endMs / 1000) * RATE));
      const pitch = (channel === 0 ? 190 : 130) + ((startMs * 7) % 40);
      for (let frame = from; frame < to; frame += 1) {
        const swell = Math.sin((Math.PI * (frame - from)) / (to - from));
        const tone = Math.sin((2 * Math.PI * pitch * frame) / RATE);
        const size = 5000 + ((startMs * 31) % 7000);
        wav.writeInt16LE(Math.round(tone * swell * size), 44 + frame * 4 + channel * 2);
      }
    }
  }
  return wav;
}

/** Least and greatest per step and channel, as the server's peaks are. */
export function peaksOf(wav: Buffer, stepMs = 50): { stepMs: number; channels: number[][] } {
  const step = (RATE * stepMs) / 1000;
  const frames = (wav.length - 44) / 4;
  const channels: number[][] = [[], []];
  for (let from = 0; from < frames; from += step) {
    for (const [channel, peaks] of channels.entries()) {
      let least = 0;
      let greatest = 0;
      for (let frame = from; frame < Math.min(frames, from + step); frame += 4) {
        const value = wav.readInt16LE(44 + frame * 4 + channel * 2) / 32_768;
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
      peaks.push(Number(least.toFixed(3)), Number(greatest.toFixed(3)));
    }
  }
  return { stepMs, channels };
}
