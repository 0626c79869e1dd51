import { connect } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endSlowBodies } from './slow-bodies.ts';

const app: FastifyInstance = Fastify();
let port = 0;
beforeAll(async () => {
  endSlowBodies(app, 300);
  app.post('/form', async () => 'read');
  app.get('/page', async () => 'page');
  app.post('/refused', async (_request, reply) => reply.code(401).send('no'));
  app.addContentTypeParser('upload/any', (_request, _payload, done) => done(null));
  app.post('/upload', { config: { upload: true } }, async (request) => {
    let bytes = 0;
    for await (const chunk of request.raw) bytes += (chunk as Buffer).length;
    return String(bytes);
  });
  app.post('/half', { config: { upload: true } }, async (request, reply) => {
    request.raw.once('data', () => request.raw.pause());
    await new Promise((resolve) => request.raw.once('pause', resolve));
    return reply.code(503).send('full');
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => app.close());

/** Sends a byte of the body every 50 ms; what came back until the end, or for a second and a half. */
function dripped(head: string, bodyBytes: number): Promise<{ text: string; ended: boolean }> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let sent = 0;
    const drip = setInterval(() => {
      if (sent < bodyBytes) socket.write('x');
      sent += 1;
    }, 50);
    const done = (ended: boolean) => {
      clearInterval(drip);
      clearTimeout(patience);
      socket.removeAllListeners('close');
      socket.destroy();
      resolve({ text, ended });
    };
    const patience = setTimeout(() => done(false), 1500);
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done(true));
    socket.write(`${head}\r\nhost: a\r\ncontent-length: ${bodyBytes}\r\n\r\n`);
  });
}

it.each([
  ['a form', 'POST /form HTTP/1.1\r\ncontent-type: application/json', ''],
  ['what is refused unread', 'POST /refused HTTP/1.1\r\ncontent-type: upload/any', '401'],
  ['a page that wants no body', 'GET /page HTTP/1.1', '200'],
  ['nothing that is there', 'POST /nowhere HTTP/1.1\r\ncontent-type: upload/any', '404'],
])('a body that comes for ever ends with its connection: %s', async (_name, head, status) => {
  const { text, ended } = await dripped(head, 1_000_000);
  expect(ended).toBe(true);
  expect(text).toContain(status);
});

it('what is refused half-way leaves its connection to the next request', async () => {
  const body = 'x'.repeat(400_000);
  const head = 'POST /half HTTP/1.1\r\nhost: a\r\ncontent-type: upload/any';
  const text = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let read = '';
    socket.on('data', (chunk) => {
      read += chunk.toString();
      if (read.endsWith('page')) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(read));
    socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    socket.write('GET /page HTTP/1.1\r\nhost: a\r\n\r\n');
  });
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200']);
});

it('an upload may take its time', async () => {
  const { text } = await dripped('POST /upload HTTP/1.1\r\ncontent-type: upload/any', 12);
  expect(text).toContain('200');
  expect(text.endsWith('12')).toBe(true);
});
