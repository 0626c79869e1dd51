import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { FoundEntry } from './search.ts';
import { syslogMessage, syslogSink } from './syslog.ts';

const entry: FoundEntry = {
  ...{ index: 7, time: '2026-11-27T05:06:07.008Z', at: '2026-11-27T05:06:07.001Z' },
  ...{ actor: { id: 'u-1', role: 'qa' }, action: 'record.play', outcome: 'refused' },
};

test('a message is that of RFC 5424: facility 13, the entry’s time, the act as its id', () => {
  expect(syslogMessage('{"a":1}', entry, 'ho st')).toBe(
    '<108>1 2026-11-27T05:06:07.008Z ho_st voxkeep - record.play - {"a":1}',
  );
});

test('over TCP each message has its length in octets before it', async () => {
  const parts: Buffer[] = [];
  const server = createServer((socket) => socket.on('data', (part) => parts.push(part)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sink = await syslogSink(
    `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    undefined,
  );
  for (const line of ['one', '二\nlines']) await sink.write(line, entry);
  await sink.close();
  await new Promise((resolve) => server.close(resolve));
  let rest = Buffer.concat(parts);
  const seen: string[] = [];
  while (rest.length > 0) {
    const space = rest.indexOf(' ');
    const end = space + 1 + Number(rest.subarray(0, space).toString());
    seen.push(rest.subarray(space + 1, end).toString());
    rest = rest.subarray(end);
  }
  expect(seen.map((message) => message.split(' - ').at(-1))).toEqual(['one', '二\nlines']);
});

test('over UDP each message is a datagram', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const sink = await syslogSink(`udp://127.0.0.1:${socket.address().port}`, undefined);
  const received = once(socket, 'message');
  await sink.write('one', entry);
  const [message] = await received;
  expect(String(message)).toMatch(/^<108>1 .* record\.play - one$/);
  await sink.close();
  socket.close();
});

test('a receiver that is not there, and an address that is none, are told', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const codeOf = (address: string) =>
    syslogSink(address, undefined).catch((error: { code?: string }) => error.code);
  expect(await codeOf(`tcp://127.0.0.1:${port}`)).toBe('UNREACHABLE');
  for (const bad of ['tcp://127.0.0.1', 'there', 'udp://:5']) {
    expect(await codeOf(bad)).toBe('ARGUMENT_INVALID');
  }
});
