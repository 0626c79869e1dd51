import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import { parseRange } from '../playback/index.ts';

/**
 * The stretch of `sizeBytes` that a request asks for, and the headers of its answer (RFC 9110, 14).
 * Throws RANGE_NOT_SATISFIABLE.
 */
export function answerRange(
  request: FastifyRequest,
  reply: FastifyReply,
  { sizeBytes, mediaType }: { sizeBytes: number; mediaType: string },
): { start: number; end: number } {
  const range = parseRange(request.headers.range, sizeBytes);
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${sizeBytes}`);
    throw new ArchiveError('RANGE_NOT_SATISFIABLE', 'the range lies beyond the end', {
      field: 'range',
    });
  }
  const start = range?.start ?? 0;
  const end = range?.endExclusive ?? sizeBytes;
  reply
    .code(range === undefined ? 200 : 206)
    .header('accept-ranges', 'bytes')
    .header('content-length', end - start)
    .header('content-disposition', 'inline')
    .type(mediaType);
  if (range !== undefined) {
    reply.header('content-range', `bytes ${start}-${end - 1}/${sizeBytes}`);
  }
  return { start, end };
}

/** The headers of GET alone; the framework would set a length of nothing. */
export const sendHead = (reply: FastifyReply) => reply.send(Readable.from([]));
