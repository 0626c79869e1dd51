import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { IntakeReceipt } from '@voxkeep/contract';
import { SingleBar } from 'cli-progress';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type CallFiles, findCalls } from './find-calls.ts';

const MEDIA_TYPES: Record<string, string> = {
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.flac': 'audio/flac',
  '.m4a': 'audio/mp4',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

export interface IngestLine {
  name: string;
  id?: string;
  state?: string;
  created?: boolean;
  error?: string;
  message?: string;
}

/**
 * Sends every call at the paths. One that is refused does not stop the others; sending again is
 * safe, the archive knows what it has. Resolves to a line a call and the exit code.
 */
export async function ingest(
  connection: Connection,
  paths: string[],
  options: { progress: boolean; signal: AbortSignal },
): Promise<{ lines: IngestLine[]; exitCode: number }> {
  const { calls, lone } = await findCalls(paths);
  if (calls.length === 0 && lone.length === 0) {
    throw new CommandError('NOTHING_FOUND', `no media files at ${paths.join(', ')}`, EXIT.usage);
  }
  connection.useService();
  const bar = new SingleBar({
    format: '{bar} {value}/{total} {name}',
    clearOnComplete: false,
    hideCursor: true,
    stream: process.stderr,
  });
  if (options.progress) bar.start(calls.length, 0, { name: '' });
  const lines: IngestLine[] = lone.map((file) => ({
    name: basename(file),
    error: 'METADATA_MISSING',
    message: `no ${basename(file, extname(file))}.json beside it`,
  }));
  for (const call of calls) {
    if (options.signal.aborted) break;
    if (options.progress) bar.update({ name: call.name });
    lines.push(await sendOne(connection, call));
    if (options.progress) bar.increment();
  }
  if (options.progress) bar.stop();
  const bad = lines.filter((line) => line.error !== undefined).length;
  if (options.signal.aborted) return { lines, exitCode: EXIT.partial };
  if (bad === 0) return { lines, exitCode: EXIT.ok };
  return { lines, exitCode: bad === lines.length ? EXIT.invalid : EXIT.partial };
}

async function sendOne(connection: Connection, call: CallFiles): Promise<IngestLine> {
  try {
    const receipt = await connection.json<IntakeReceipt>('POST', '/records', await multipart(call));
    const { id, state, created } = receipt;
    return { name: call.name, id, state, created };
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode === EXIT.unreachable) throw error;
    return { name: call.name, error: error.code, message: error.message };
  }
}

/** A multipart body that streams the media from disk with its length known beforehand. */
async function multipart(
  call: CallFiles,
): Promise<{ headers: Record<string, string | number>; stream: AsyncIterable<Uint8Array> }> {
  const boundary = `voxkeep-${process.pid}-${Date.now().toString(36)}`;
  const head = (name: string, file: string, type: string) =>
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${file}"\r\n` +
        `content-type: ${type}\r\n\r\n`,
    );
  const end = Buffer.from('\r\n');
  const before: Buffer[] = [
    head('metadata', 'metadata.json', 'application/json'),
    await readFile(call.metadata),
    end,
  ];
  if (call.transcript !== undefined) {
    const type = call.transcript.endsWith('.json') ? 'application/json' : 'text/vtt';
    before.push(head('transcript', 'transcript', type), await readFile(call.transcript), end);
  }
  const type = MEDIA_TYPES[extname(call.media).toLowerCase()] ?? 'application/octet-stream';
  before.push(head('media', 'media', type));
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  const mediaBytes = (await stat(call.media)).size;
  const length = before.reduce((sum, part) => sum + part.length, 0) + mediaBytes + after.length;
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': length,
    },
    stream: (async function* () {
      yield* before;
      for await (const chunk of createReadStream(call.media)) yield chunk as Buffer;
      yield after;
    })(),
  };
}
