import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { ArchiveError } from '../../core/errors.ts';
import { problemOf } from '../problem.ts';

/** What can be wrong with a request that no route, and no hook, ever sees. */
const REFUSALS: Record<string, [code: string, message: string]> = {
  FST_ERR_MAX_PARAM_LENGTH: ['NOT_FOUND', 'there is nothing at this address'],
  FST_ERR_BAD_URL: ['REQUEST_INVALID', 'the address holds a % that encodes nothing'],
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'address and headers are too large together'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'the headers did not come in time'],
};

function refusalOf(reason = ''): ArchiveError {
  const [code, message] = REFUSALS[reason] ?? [
    'REQUEST_INVALID',
    'this is not HTTP as it should be',
  ];
  return new ArchiveError(code, message);
}

/** Fastify's `frameworkErrors`: an address that the router refuses to look at. */
export function answerBadAddress(error: { code?: string }, id: string) {
  return problemOf(refusalOf(error.code), id);
}

/** Fastify's `clientErrorHandler`: what could not be read as a request. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(refusalOf(error.code), randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
