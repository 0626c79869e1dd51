import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { mediaTypeOf } from '@voxkeep/contract';
import type { CallFiles } from './find-calls.ts';

export interface CallBody {
  path: string;
  headers: Record<string, string | number>;
  stream: AsyncIterable<Uint8Array>;
}

/** Where and as what a call is posted; its media is streamed from disk. */
export async function callBody(call: CallFiles): Promise<CallBody> {
  if (call.metadata !== undefined) return multipart(call, call.metadata);
  return {
    path: '/vcon',
    headers: {
      'content-type': mediaTypeOf(call.media),
      'content-length': (await stat(call.media)).size,
    },
    stream: createReadStream(call.media) as AsyncIterable<Uint8Array>,
  };
}

/** A multipart body with its length known beforehand. */
async function multipart(call: CallFiles, metadata: string): Promise<CallBody> {
  const boundary = `voxkeep-${process.pid}-${Date.now().toString(36)}`;
  // The file's own name stays here: it could hold a phone number.
  const head = (name: string, type: string) =>
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${name}"\r\n` +
        `content-type: ${type}\r\n\r\n`,
    );
  const end = Buffer.from('\r\n');
  const before: Buffer[] = [head('metadata', 'application/json'), await readFile(metadata), end];
  const small: [string, string][] = [
    ...(call.transcript === undefined ? [] : [['transcript', call.transcript] as [string, string]]),
    ...call.screenshots.map((file): [string, string] => ['screenshots', file]),
  ];
  for (const [name, file] of small) {
    before.push(head(name, mediaTypeOf(file)), await readFile(file), end);
  }
  before.push(head('media', mediaTypeOf(call.media)));
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  const mediaBytes = (await stat(call.media)).size;
  const length = before.reduce((sum, part) => sum + part.length, 0) + mediaBytes + after.length;
  return {
    path: '/records',
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
