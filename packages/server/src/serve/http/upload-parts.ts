import type { Readable } from 'node:stream';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import { bodyChunks } from './body-chunks.ts';

export interface UploadPart {
  name: string;
  /** False for a part without a file name, which was read whole. */
  isFile: boolean;
  mediaType: string;
  chunks: AsyncIterable<Uint8Array>;
}

/**
 * The parts of a multipart request, each to be read before the next. Rejects with
 * CONTENT_TYPE_UNSUPPORTED, MULTIPART_INVALID for what does not parse or ends too early,
 * BODY_TOO_LARGE for a part without a file name that is larger than 4 MiB.
 */
export async function* uploadParts(request: FastifyRequest): AsyncGenerator<UploadPart> {
  const parts = opened(request);
  for (;;) {
    const next = await parts.next().catch(broken);
    if (next.done === true) return;
    yield presented(next.value);
  }
}

function opened(request: FastifyRequest): AsyncIterableIterator<Multipart> {
  try {
    return request.parts();
  } catch (error) {
    return broken(error);
  }
}

function presented(part: Multipart): UploadPart {
  const { fieldname: name, mimetype: mediaType } = part;
  if (part.type === 'file') {
    return { name, isFile: true, mediaType, chunks: fileChunks(part.file) };
  }
  if (part.valueTruncated) {
    throw new ArchiveError(
      'BODY_TOO_LARGE',
      `${name} is too large to be sent without a file name`,
      {
        field: name,
      },
    );
  }
  // The parser hands over JSON parts as values.
  const text = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
  return { name, isFile: false, mediaType, chunks: whole(Buffer.from(text)) };
}

/** A request that ends within a file breaks off its stream. */
async function* fileChunks(file: Readable): AsyncIterable<Uint8Array> {
  const chunks = bodyChunks(file)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch(broken);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

async function* whole(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** What has a status is one of the parser's own refusals; everything else is malformed. */
function broken(error: unknown): never {
  if ((error as { statusCode?: number }).statusCode !== undefined) throw error;
  const message = 'the multipart body does not parse: its boundary is missing or it ends too early';
  throw new ArchiveError('MULTIPART_INVALID', message, { cause: error });
}
