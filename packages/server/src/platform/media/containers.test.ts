import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { probeMedia } from '../../probe/index.ts';
import type { Container } from '../../probe/ports.ts';
import { renderRedacted, verifyRedacted } from '../../redact/audio/render-redacted.ts';
import { createFfmpegDecoder } from './ffmpeg-decoder.ts';
import { hasIndexFirst } from './index-first.ts';
import { NamelessFiles } from './nameless-file.ts';

const here = spawnSync('ffmpeg', ['-version']).status === 0;
if (!here && process.env['CI'] === 'true') throw new Error('ffmpeg is missing');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'voxkeep-containers-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two seconds of picture, and noise that begins `lateS` after it. */
function video(name: string, args: string[], lateS = 0): Buffer {
  const file = join(folder, name);
  const made = spawnSync('ffmpeg', [
    ...['-y', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=10:duration=2'],
    ...['-itsoffset', String(lateS), '-f', 'lavfi', '-t', '1', '-i', 'anoisesrc=r=48000:a=0.5'],
    ...['-ac', '2', ...args, file],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return readFileSync(file);
}

const open = (bytes: Buffer) => ({
  sizeBytes: bytes.length,
  readRange: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
  stream: async function* () {
    for (let at = 0; at < bytes.length; at += 9_000) yield bytes.subarray(at, at + 9_000);
  },
});

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const decoder = createFfmpegDecoder({ memoryBytes: 2 ** 26 });
const tight = createFfmpegDecoder({ memoryBytes: 1000 });
const AAC = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];

describe.skipIf(!here)('with ffmpeg', () => {
  it.each([
    ['its index in front', ['-movflags', '+faststart']],
    ['fragments', ['-movflags', '+frag_keyframe+empty_moov']],
  ])('reads and renders an MP4 larger than the memory for it from a pipe: %s', async (_, flags) => {
    const source = open(video('large.mp4', [...AAC, ...flags]));
    expect(await hasIndexFirst(source)).toBe(true);
    const facts = await probeMedia(source, tight);
    expect(facts).toEqual(await probeMedia(source, decoder));
    const spans = [{ channel: 0, startMs: 200, endMs: 700 }];
    const rendition = await renderRedacted(tight, facts, source, spans);
    const bytes = await collect(rendition.stream);
    await verifyRedacted(tight, facts, open(bytes), spans);
  });

  it.each(['mp3', 'm4a'])(
    'takes %s with a cover for sound, and keeps no picture',
    async (ending) => {
      const cover = join(folder, 'cover.png');
      spawnSync('ffmpeg', [
        ...['-y', '-v', 'error', '-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1', cover],
      ]);
      const file = join(folder, `cover.${ending}`);
      const made = spawnSync('ffmpeg', [
        ...['-y', '-v', 'error', '-f', 'lavfi', '-t', '1', '-i', 'anoisesrc=r=16000:a=0.5'],
        ...[
          '-i',
          cover,
          '-map',
          '0',
          '-map',
          '1',
          '-c:v',
          'copy',
          '-disposition:v',
          'attached_pic',
        ],
        ...['-metadata', 'title=SECRET', '-metadata:s:v', 'title=SECRET', file],
      ]);
      if (made.status !== 0) throw new Error(String(made.stderr));
      const source = open(readFileSync(file));
      const facts = await probeMedia(source, decoder);
      expect(facts.kind).toBe('audio');
      const rendition = await renderRedacted(decoder, facts, source, []);
      const bytes = await collect(rendition.stream);
      expect(rendition.mediaType).toBe('audio/flac');
      expect(bytes.includes('SECRET') || bytes.includes('PNG')).toBe(false);
    },
  );

  it('refuses a larger one whose index comes last, with MEDIA_NEEDS_INDEX_FIRST', async () => {
    const source = open(video('last.mp4', AAC));
    expect(await hasIndexFirst(source)).toBe(false);
    const error = await probeMedia(source, tight).catch((caught) => caught);
    expect(hasCode(error, 'MEDIA_NEEDS_INDEX_FIRST')).toBe(true);
    expect((await probeMedia(source, decoder)).kind).toBe('video');
  });

  it.each<[Container, string, string[]]>([
    ['mp4', 'late.mp4', AAC],
    ['webm', 'late.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus']],
  ])('places sound that begins late at its time: %s', async (container, name, args) => {
    const source = open(video(name, args, 0.7));
    const facts = await probeMedia(source, decoder);
    expect(Math.abs(facts.durationMs - 1700)).toBeLessThan(60);
    const pcm = { channels: 1, sampleRate: 8000 };
    const samples = await collect(decoder.decodeAudio(source, container, pcm));
    const loudest = (startMs: number, endMs: number) => {
      let most = 0;
      for (let at = startMs * 16; at < endMs * 16; at += 2) {
        most = Math.max(most, Math.abs(samples.readInt16LE(at)));
      }
      return most;
    };
    expect(loudest(0, 660)).toBeLessThan(100);
    expect(loudest(760, 1600)).toBeGreaterThan(1000);
  });
});

describe.skipIf(!here)('a picture', () => {
  it('of odd size and uneven pace is kept, as long as its sound', async () => {
    const size = ['-vf', "scale=65:49,select='not(mod(n,3))'", '-fps_mode', 'vfr'];
    const args = [...size, '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus'];
    const source = open(video('odd.webm', args));
    const facts = await probeMedia(source, decoder);
    const bytes = await collect((await renderRedacted(decoder, facts, source, [])).stream);
    const { video: kept } = await decoder.streams(open(bytes), 'mp4');
    expect(kept).toEqual({ codec: 'hevc', width: 64, height: 48 });
    const again = await probeMedia(open(bytes), decoder);
    expect(Math.abs(again.durationMs - facts.durationMs)).toBeLessThanOrEqual(1);
  });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a box without a size', Buffer.from('\0\0\0\0free\0\0\0\0', 'latin1')],
  ['a box beyond the end', Buffer.from('\xff\xff\xff\xfffree\0\0\0\0', 'latin1')],
  ['boxes without end', Buffer.from('\0\0\0\x08free'.repeat(500), 'latin1')],
])('finds no index in %s', async (_name, bytes) => {
  expect(await hasIndexFirst(open(bytes))).toBe(false);
});

describe('files in memory', () => {
  it('are shared by readers of one source, and wait for room for another', async () => {
    const files = new NamelessFiles(15_000);
    const one = open(Buffer.alloc(10_000, 1));
    const other = open(Buffer.alloc(10_000, 2));
    const descriptors = new Set<number>();
    const ended: string[] = [];
    async function read(source: typeof one): Promise<number> {
      let first = -1;
      const bytes = files.lend(source, async function* (file) {
        if (source === one) descriptors.add(file.fd);
        if (source === other) expect(ended).toEqual(['one', 'one']);
        const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 9_996);
        yield buffer;
      });
      for await (const chunk of bytes) first = chunk[3] ?? -1;
      ended.push(source === one ? 'one' : 'other');
      return first;
    }
    expect(await Promise.all([read(one), read(one), read(other)])).toEqual([1, 1, 2]);
    expect(descriptors.size).toBe(1);
    expect(files.fits(open(Buffer.alloc(15_001)))).toBe(false);
  });

  it('give their room back when a source fails', async () => {
    const files = new NamelessFiles(10);
    const broken = {
      ...open(Buffer.alloc(10)),
      stream: () => {
        throw new Error('gone');
      },
    };
    const lend = (source: Parameters<typeof files.lend>[0]) =>
      collect(
        files.lend(source, async function* (file) {
          yield (await file.read(Buffer.alloc(10), 0, 10, 0)).buffer;
        }),
      );
    await expect(lend(broken)).rejects.toThrow('gone');
    expect((await lend(open(Buffer.alloc(10, 5))))[0]).toBe(5);
  });
});
