import { ArchiveError } from '../../core/errors.ts';
import type { Container, MediaDecoder, PcmLayout, StreamFacts } from '../../probe/ports.ts';
import type { OpenObject } from '../../record/vault.ts';
import { hasIndexFirst } from './index-first.ts';
import { NamelessFiles } from './nameless-file.ts';
import { runSandboxed } from './sandbox.ts';

const DEMUXERS: Record<Container, string> = {
  ...{ wav: 'wav', mp3: 'mp3', ogg: 'ogg', flac: 'flac', mp4: 'mov', webm: 'matroska' },
  ...{ amr: 'amr', aac: 'aac', gsm: 'gsm' },
};
/**
 * Containers whose sound may begin late or have gaps (a lost connection): filled with silence, so
 * that a sample stands where its time says and a mask where the words are.
 */
const TIMED: readonly Container[] = ['mp4', 'webm'];
const QUIET = ['-v', 'error'];
/** Probing is short; a file that keeps it busy is hostile. */
const PROBE_MS = 60_000;

/** ffmpeg in the sandbox, never given an address and never left to guess a format. */
export function createFfmpegDecoder(options: { memoryBytes: number }): MediaDecoder {
  const files = new NamelessFiles(options.memoryBytes);

  /**
   * MP4 keeps its index anywhere, so it is read from a nameless file in memory; one too large for
   * that, from a pipe if its index comes first.
   */
  async function* withInput<T>(
    source: OpenObject,
    container: Container,
    use: (
      input: string[],
      inputs: Parameters<typeof runSandboxed>[0]['inputs'],
    ) => AsyncIterable<T>,
  ): AsyncIterable<T> {
    if (container === 'mp4' && files.fits(source)) {
      const input = ['-protocol_whitelist', 'file', '-f', 'mov', '-i', '/dev/fd/3'];
      yield* files.lend(source, (file) => use(input, [{ fd: 3, source: file }]));
      return;
    }
    if (container === 'mp4' && !(await hasIndexFirst(source))) {
      const message = `the container must be seekable and is larger than ${options.memoryBytes} bytes; send it with its index in front (faststart or fragmented)`;
      throw new ArchiveError('MEDIA_NEEDS_INDEX_FIRST', message);
    }
    const input = ['-protocol_whitelist', 'pipe', '-f', DEMUXERS[container], '-i', 'pipe:3'];
    yield* use(input, [{ fd: 3, source: source.stream() }]);
  }

  async function* decodeAudio(source: OpenObject, container: Container, pcm: PcmLayout) {
    const output = [
      ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1'],
      ...(TIMED.includes(container) ? ['-af', 'aresample=async=1:first_pts=0'] : []),
      ...['-ac', String(pcm.channels), '-ar', String(pcm.sampleRate), '-f', 's16le', 'pipe:1'],
    ];
    yield* withInput(source, container, (input, inputs) =>
      runSandboxed({
        program: 'ffmpeg',
        args: ['-nostdin', ...QUIET, ...input, ...output],
        inputs,
      }),
    );
  }

  return {
    decodeAudio,
    async streams(source, container) {
      const show = [
        '-show_entries',
        'stream=codec_type,codec_name,channels,sample_rate,width,height:stream_disposition=attached_pic',
      ];
      const output = withInput(source, container, (input, inputs) =>
        runSandboxed({
          program: 'ffprobe',
          args: [...QUIET, ...input, ...show, '-of', 'json'],
          inputs,
          timeoutMs: PROBE_MS,
        }),
      );
      return streamFacts(await text(output));
    },
    async *encodeFlac(samples, pcm, frames) {
      const encoded = runSandboxed({
        program: 'ffmpeg',
        args: [
          ...['-nostdin', ...QUIET, '-protocol_whitelist', 'pipe', ...pcmInput(pcm, 'pipe:3')],
          ...[
            '-map_metadata',
            '-1',
            '-c:a',
            'flac',
            '-compression_level',
            '5',
            '-f',
            'flac',
            'pipe:1',
          ],
        ],
        inputs: [{ fd: 3, source: samples }],
      });
      yield* withFrameCount(encoded, frames);
    },
    async *encodeVideo(source, container, samples, pcm) {
      yield* withInput(source, container, (input, inputs) =>
        runSandboxed({
          program: 'ffmpeg',
          args: [
            ...['-nostdin', ...QUIET, ...input],
            ...(samples === undefined
              ? []
              : ['-protocol_whitelist', 'pipe', ...pcmInput(pcm, 'pipe:4')]),
            // Not the cover of a file of sound.
            ...['-map', '0:V:0', ...(samples === undefined ? [] : ['-map', '1:a:0'])],
            ...['-map_metadata', '-1', '-map_chapters', '-1'],
            ...['-c:v', 'libx265', '-preset', 'veryfast', '-crf', '28', '-tag:v', 'hvc1'],
            // No reordered frames: they would shift the sound against the picture in a fragmented file.
            // 4:2:0 has whole pairs of pixels; a screen share may have an odd size.
            // Side data of the pictures can hold text: closed captions, which newer encoders pass on.
            ...['-vf', 'crop=trunc(iw/2)*2:trunc(ih/2)*2,sidedata=mode=delete'],
            ...['-x265-params', 'log-level=none:bframes=0', '-pix_fmt', 'yuv420p'],
            ...['-c:a', 'flac', '-strict', '-2'],
            ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1'],
          ],
          inputs: [...inputs, ...(samples === undefined ? [] : [{ fd: 4, source: samples }])],
        }),
      );
    },
  };
}

/** H.264 of a stored H.265 picture while it plays, for browsers that do not know H.265. */
export async function* transcodeToH264(
  source: OpenObject,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  yield* runSandboxed({
    program: 'ffmpeg',
    args: [
      ...['-nostdin', ...QUIET, '-protocol_whitelist', 'pipe', '-f', 'mov', '-i', 'pipe:3'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-pix_fmt', 'yuv420p'],
      ...[
        '-c:a',
        'aac',
        '-ar',
        '48000',
        '-b:a',
        '128k',
        '-movflags',
        '+frag_keyframe+empty_moov+default_base_moof',
      ],
      ...['-f', 'mp4', 'pipe:1'],
    ],
    inputs: [{ fd: 3, source: source.stream() }],
    signal,
  });
}

/**
 * The encoder cannot go back to write the length into the header of a pipe. It is known here, and
 * players need it to show a duration: STREAMINFO's 36 bits of total samples (RFC 9639, 8.2).
 */
async function* withFrameCount(
  encoded: AsyncIterable<Uint8Array>,
  frames: number,
): AsyncIterable<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of encoded) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < STREAMINFO_END) continue;
    head[21] = ((head[21] ?? 0) & 0xf0) | Math.floor(frames / 2 ** 32);
    head.writeUInt32BE(frames % 2 ** 32, 22);
    yield head;
    head = undefined;
  }
  if (head !== undefined) yield head;
}
/** `fLaC`, a block header, STREAMINFO. */
const STREAMINFO_END = 42;

const pcmInput = (pcm: PcmLayout, from: string): string[] => [
  ...['-f', 's16le', '-ac', String(pcm.channels), '-ar', String(pcm.sampleRate), '-i', from],
];

async function text(source: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts).toString();
}

interface ProbedStream {
  codec_type?: string;
  codec_name?: string;
  channels?: number;
  sample_rate?: string;
  width?: number;
  height?: number;
  disposition?: { attached_pic?: number };
}

function streamFacts(json: string): StreamFacts {
  let streams: ProbedStream[];
  try {
    streams = (JSON.parse(json) as { streams?: ProbedStream[] }).streams ?? [];
  } catch (cause) {
    throw new ArchiveError('MEDIA_UNREADABLE', 'the probe gave no answer', { cause });
  }
  const audio = streams.find((one) => one.codec_type === 'audio');
  const video = streams.find(
    (one) => one.codec_type === 'video' && one.disposition?.attached_pic !== 1,
  );
  const facts: StreamFacts = {};
  if (audio !== undefined) {
    const channels = Math.min(8, Math.max(1, audio.channels ?? 1));
    const sampleRate = Math.min(48_000, Math.max(8000, Number(audio.sample_rate ?? 8000)));
    facts.audio = { codec: audio.codec_name ?? 'unknown', channels, sampleRate };
  }
  if (video !== undefined) {
    const { codec_name: codec = 'unknown', width = 0, height = 0 } = video;
    facts.video = { codec, width, height };
  }
  return facts;
}
