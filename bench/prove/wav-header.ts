const CODECS = { pcm: { tag: 1, sampleBytes: 2 }, mulaw: { tag: 7, sampleBytes: 1 } } as const;
export const WAV_HEADER_BYTES = 44;

/** The plain header of a WAV file (RIFF) of so many bytes of sound. */
export function wavHeader(
  codec: keyof typeof CODECS,
  sound: { channels: number; sampleRate: number; soundBytes: number },
): Buffer {
  const { tag, sampleBytes } = CODECS[codec];
  const { channels, sampleRate, soundBytes } = sound;
  const frameBytes = channels * sampleBytes;
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(Math.min(0xffffffff, 36 + soundBytes), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(tag, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(8 * sampleBytes, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(soundBytes, 40);
  return header;
}
