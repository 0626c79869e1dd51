import { once } from 'node:events';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ArchiveError } from '../core/errors.ts';
import type { Config } from './config.ts';

type Address = Pick<Config, 'host' | 'port'>;

/** Rejects with PORT_IN_USE, PORT_REFUSED or HOST_UNKNOWN before anything else is opened. */
export async function assertPortFree(address: Address): Promise<void> {
  const server = createServer();
  try {
    server.listen(address.port, address.host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  } catch (error) {
    throw refusalOf(error, address);
  }
}

/** Begins to serve. Rejects as above: the port may have been taken since. */
export async function listen(app: FastifyInstance, address: Address): Promise<void> {
  const { host, port } = address;
  await app.listen({ host, port }).catch((error: unknown) => {
    throw refusalOf(error, address);
  });
}

/** Where it listens; 0 before it does. */
export function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What a person types into a browser on this machine. */
export function addressOf(app: FastifyInstance, { host }: Address): string {
  const port = portOf(app);
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `https://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

function refusalOf(cause: unknown, { host, port }: Address): unknown {
  const refusals: Record<string, [code: string, message: string]> = {
    EADDRINUSE: [
      'PORT_IN_USE',
      `port ${port} on ${host} is in use; --port N takes another, --port 0 a free one`,
    ],
    EACCES: ['PORT_REFUSED', `this user may not open port ${port}; --port N takes another`],
    EADDRNOTAVAIL: noAddress(host),
    ENOTFOUND: noAddress(host),
    EAI_AGAIN: noAddress(host),
  };
  const refusal = refusals[(cause as NodeJS.ErrnoException).code ?? ''];
  return refusal === undefined ? cause : new ArchiveError(...refusal, { cause });
}

const noAddress = (host: string): [string, string] => [
  'HOST_UNKNOWN',
  `${host} is no address of this machine (--host)`,
];
