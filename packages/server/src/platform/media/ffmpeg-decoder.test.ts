import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { probeMedia } from '../../probe/index.ts';
import { renderRedacted, verifyRedacted } from '../../redact/audio/render-redacted.ts';
import { createFfmpegDecoder, transcodeToH264 } from './ffmpeg-decoder.ts';

const here = spawnSync('ffmpeg', ['-version']).status === 0;
if (!here && process.env.CI === 'true') throw new Error('ffmpeg is missing');

const decoder = createFfmpegDecoder({ memoryBytes: 64 * 1024 * 1024 });
const workshop = decoder as Parameters<typeof renderRedacted>[0];
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'voxkeep-media-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two channels of speech-like noise; with a moving picture for video. */
function make(name: string, args: string[], video = false): Buffer {
  const file = join(folder, name);
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=10'];
  const sound = [
    '-f',
    'lavfi',
    '-i',
    'anoisesrc=c=pink:r=16000:a=0.4,aformat=channel_layouts=stereo',
  ];
  const done = spawnSync('ffmpeg', [
    '-y',
    '-v',
    'error',
    ...(video ? picture : []),
    ...sound,
    '-t',
    '3',
    '-metadata',
    'title=secret',
    ...args,
    file,
  ]);
  if (done.status !== 0) throw new Error(String(done.stderr));
  return readFileSync(file);
}

const open = (bytes: Buffer) => ({
  sizeBytes: bytes.length,
  readRange: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
  stream: async function* () {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  },
});

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const SPANS = [{ channel: 1, startMs: 800, endMs: 1900 }];

describe.skipIf(!here)('with ffmpeg', () => {
  it.each([
    ['mp3', ['-c:a', 'libmp3lame']],
    ['ogg', ['-c:a', 'libopus']],
    ['flac', []],
    ['m4a', ['-c:a', 'aac']],
  ])('probes, masks and checks %s', async (ending, args) => {
    const source = open(make(`call.${ending}`, args));
    const facts = await probeMedia(source, decoder);
    expect(facts).toMatchObject({ kind: 'audio', channels: 2 });
    expect(Math.abs(facts.durationMs - 3000)).toBeLessThan(120);
    const rendition = await renderRedacted(workshop, facts, source, SPANS);
    const bytes = await collect(rendition.stream);
    await verifyRedacted(workshop, facts, open(bytes), SPANS);
    expect(bytes.includes('secret')).toBe(false);
    expect((await rendition.peaks).channels).toHaveLength(2);
    const other = [{ channel: 0, startMs: 800, endMs: 1900 }];
    const error = await verifyRedacted(workshop, facts, open(bytes), other).catch((e) => e);
    expect(hasCode(error, 'MASK_INCOMPLETE')).toBe(true);
  });

  it('keeps video as H.265 with masked sound, and gives H.264 on the fly', async () => {
    const source = open(make('call.mp4', ['-c:v', 'libx264', '-c:a', 'aac', '-shortest'], true));
    const facts = await probeMedia(source, decoder);
    expect(facts).toMatchObject({ kind: 'video', videoCodec: 'h264', container: 'mp4' });
    const rendition = await renderRedacted(workshop, facts, source, SPANS);
    const bytes = await collect(rendition.stream);
    expect(await decoder.streams(open(bytes), 'mp4')).toMatchObject({ video: { codec: 'hevc' } });
    await verifyRedacted(workshop, facts, open(bytes), SPANS);
    const played = await collect(transcodeToH264(open(bytes), new AbortController().signal));
    expect(await decoder.streams(open(played), 'mp4')).toMatchObject({ video: { codec: 'h264' } });
  });

  it('never lets an upload named .wav read another file', async () => {
    const secret = join(folder, 'secret.wav');
    writeFileSync(secret, make('plain.wav', ['-c:a', 'pcm_s16le']));
    const script = Buffer.from(`ffconcat version 1.0\nfile '${secret}'\n`);
    const error = await probeMedia(open(script), decoder).catch((e) => e);
    expect(hasCode(error, 'MEDIA_UNKNOWN')).toBe(true);
    for (const container of ['wav', 'mp4', 'ogg', 'mp3'] as const) {
      const tried = await collect(
        decoder.decodeAudio(open(script), container, { channels: 1, sampleRate: 8000 }),
      ).catch((e) => e);
      expect(hasCode(tried, 'MEDIA_UNREADABLE') || (tried as Buffer).length === 0).toBe(true);
    }
  });

  it.each(['ogg', 'mp3', 'mp4'] as const)('refuses a broken %s with a code', async (kind) => {
    const whole = make(`broken.${kind}`, []);
    const broken = Buffer.from(whole.subarray(0, 200));
    const error = await probeMedia(open(broken), decoder).catch((e) => e);
    expect(error).toHaveProperty('code');
    expect(['MEDIA_UNREADABLE', 'MEDIA_EMPTY', 'MEDIA_UNKNOWN']).toContain(error.code);
  });

  it('asks for the index in front when a container is larger than the memory for it', async () => {
    const small = createFfmpegDecoder({ memoryBytes: 1000 });
    const bytes = make('large.mp4', ['-c:a', 'aac'], true);
    const error = await small.streams(open(bytes), 'mp4').catch((e) => e);
    expect(hasCode(error, 'MEDIA_NEEDS_INDEX_FIRST')).toBe(true);
    expect(existsSync('/dev/shm')).toBe(true);
  });
});
