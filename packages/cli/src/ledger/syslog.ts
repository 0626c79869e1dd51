import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { FoundEntry } from './search.ts';

/** Facility 13, log audit. */
const FACILITY = 13;
const SEVERITY = { ok: 6, refused: 4, failed: 4 } as const;
const CONNECT_MS = 10_000;

/** Where the lines of a feed go. */
export interface Sink {
  /** Resolves when it has been handed over. */
  write(line: string, entry: FoundEntry): Promise<void>;
  close(): Promise<void>;
}

/** A syslog message (RFC 5424) with the line as its text. */
export function syslogMessage(line: string, entry: FoundEntry, host = hostname()): string {
  const priority = FACILITY * 8 + SEVERITY[entry.outcome];
  const word = (text: string, most: number) =>
    text.replace(/[^\x21-\x7e]/g, '_').slice(0, most) || '-';
  const id = word(entry.action, 32);
  return `<${priority}>1 ${entry.time} ${word(host, 255)} voxkeep - ${id} - ${line}`;
}

/**
 * A syslog receiver: `tls://host:6514` and `tcp://host:601` with octet counting (RFC 5425, RFC 6587),
 * `udp://host:514`. Rejects with UNREACHABLE, ARGUMENT_INVALID. Over TCP what was handed to a
 * connection that then breaks may be lost; the feed ends, and starts again at its state.
 */
export async function syslogSink(address: string, caFile: string | undefined): Promise<Sink> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const port = Number(url?.port);
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (url === undefined || host === '' || !(port > 0)) {
    const message = '--syslog: tcp://HOST:PORT, tls://HOST:PORT or udp://HOST:PORT';
    throw new CommandError('ARGUMENT_INVALID', message, EXIT.usage);
  }
  if (url.protocol === 'udp:') return udpSink(host, port);
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
  const socket =
    url.protocol === 'tls:' ? connectTls({ host, port, ...ca }) : connectTcp({ host, port });
  return streamSink(socket, url.protocol === 'tls:' ? 'secureConnect' : 'connect', address);
}

async function streamSink(socket: Socket, ready: string, address: string): Promise<Sink> {
  let failure: Error | undefined;
  const gone = (error: unknown) =>
    new CommandError('UNREACHABLE', `${address}: ${(error as Error).message}`, EXIT.unreachable);
  try {
    await once(socket, ready, { signal: AbortSignal.timeout(CONNECT_MS) });
  } catch (error) {
    socket.destroy();
    throw gone(error);
  }
  socket.on('error', (error) => {
    failure = error;
  });
  socket.on('close', () => {
    failure ??= new Error('the receiver closed the connection');
  });
  return {
    write: (line, entry) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(gone(failure));
        const message = Buffer.from(syslogMessage(line, entry));
        const framed = Buffer.concat([Buffer.from(`${message.length} `), message]);
        socket.write(framed, (error) => (error ? reject(gone(error)) : resolve()));
      }),
    close: () => new Promise((resolve) => socket.end(() => resolve())),
  };
}

function udpSink(host: string, port: number): Sink {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  return {
    write: (line, entry) =>
      new Promise((resolve, reject) => {
        socket.send(syslogMessage(line, entry), port, host, (error) =>
          error
            ? reject(new CommandError('UNREACHABLE', error.message, EXIT.unreachable))
            : resolve(),
        );
      }),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
