import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { httpWitness } from './http-witness.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function witnessThat(
  answer: (request: IncomingMessage, body: string) => { status: number; body: string } | undefined,
) {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      const given = answer(request, body);
      if (given !== undefined) response.writeHead(given.status).end(given.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/prefix/`);
  return httpWitness({ name: 'w', vkey: 'k', url, token: 'secret' });
}

test('sends the body below the prefix, with its token, and gives status and body back', async () => {
  const witness = await witnessThat((request, body) => ({
    status: 409,
    body: `${request.method} ${request.url} ${request.headers.authorization} ${body}`,
  }));
  expect(await witness.addCheckpoint('old 0\n\nnote')).toEqual({
    ...{ status: 409, body: 'POST /prefix/add-checkpoint Bearer secret old 0\n\nnote' },
  });
});

test.each([
  ['does not answer in time', () => undefined],
  ['answers without end', () => ({ status: 200, body: 'x'.repeat(200_000) })],
])('one that %s is unreachable', async (_, answer) => {
  const witness = await witnessThat(answer);
  const error = await witness.addCheckpoint('old 0\n\n').catch((reason: unknown) => reason);
  expect(hasCode(error, 'WITNESS_UNREACHABLE')).toBe(true);
});
