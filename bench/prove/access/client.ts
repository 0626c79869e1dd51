import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { TestArchive } from '../test-archive.ts';

/** What came back, its body as JSON where it is. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
  body: unknown;
}

/** An answer whose body is drawn when it is wanted. */
export interface Opened {
  status: number;
  body: unknown;
  /** Draws what is left; `complete` when it came to the end that was announced. */
  rest(): Promise<{ sizeBytes: number; complete: boolean }>;
}

/**
 * One who asks over HTTPS, from an address of their own: limits are by address, and a proof asks more
 * than one person would. Connections are kept.
 */
export class Client {
  static #next = 0;
  readonly #archive: TestArchive;
  readonly #agent: Agent;
  readonly localAddress: string;
  cookie = '';
  /** Told of each answer that a session could have been prolonged by. */
  onAnswer: () => void = () => undefined;

  constructor(archive: TestArchive) {
    const number = Client.#next++;
    this.localAddress = `127.1.${Math.floor(number / 250) % 250}.${(number % 250) + 1}`;
    this.#archive = archive;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 4, ca: archive.authority });
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown = {}, headers?: Record<string, string>): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    return this.at(method, `/api/v1${path}`, body, headers);
  }

  /** At an address of the host, below the API or not; whoever is asked to wait waits. */
  async at(
    method: string,
    address: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    for (;;) {
      const answer = await this.#kept(method, address, body, headers);
      const waitS = Number(answer.headers['retry-after']);
      if (answer.status !== 429 || !(waitS > 0)) return answer;
      await new Promise((done) => setTimeout(done, waitS * 1000));
    }
  }

  /** Anew, once, where a connection that was kept was shut before it was asked on. */
  async #kept(...asked: Parameters<Client['at']>): Promise<Answer> {
    const [method, address, body, headers = {}] = asked;
    try {
      return await this.#once(method, address, body, headers);
    } catch (error) {
      if (!(error instanceof ShutWhileKept)) throw error;
      return this.#once(method, address, body, headers);
    }
  }

  /**
   * Asks, and draws nothing of the body yet but of a refusal: it waits in the archive. On a connection
   * of its own; one that was used has a wide window, and lets megabytes through by itself.
   */
  open(path: string): Promise<Opened> {
    const { promise, resolve, reject } = Promise.withResolvers<Opened>();
    const agent = new Agent({ maxSockets: 1, ca: this.#archive.authority });
    const outgoing = request(
      `${this.#archive.url}/api/v1${path}`,
      {
        ...{ agent, localAddress: this.localAddress },
        headers: { 'x-voxkeep-csrf': '1', cookie: this.cookie },
      },
      (incoming) => {
        const { statusCode: status = 0 } = incoming;
        if (status < 400) this.onAnswer();
        let brokenOff = false;
        incoming.on('error', () => {
          brokenOff = true;
        });
        const rest = async () => {
          let sizeBytes = 0;
          try {
            for await (const part of incoming) sizeBytes += (part as Buffer).length;
          } catch {
            brokenOff = true;
          }
          return { sizeBytes, complete: incoming.complete && !brokenOff };
        };
        if (status === 200) resolve({ status, body: undefined, rest });
        else bodyOf(incoming).then((body) => resolve({ status, body, rest }), reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
    return promise;
  }

  #once(
    method: string,
    address: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const outgoing = request(
      `${this.#archive.url}${address}`,
      {
        ...{ method, agent: this.#agent, localAddress: this.localAddress },
        headers: {
          'x-voxkeep-csrf': '1',
          ...(this.cookie === '' ? {} : { cookie: this.cookie }),
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(parts);
          const { statusCode: status = 0, headers: got } = incoming;
          const json = String(got['content-type']).includes('json') && bytes.length > 0;
          const body = json ? JSON.parse(bytes.toString()) : undefined;
          if (status < 400) this.onAnswer();
          resolve({ status, headers: got, bytes, body });
        });
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const shut = outgoing.reusedSocket && error.code === 'ECONNRESET';
      reject(shut ? new ShutWhileKept() : error);
    });
    outgoing.end(text);
    return promise;
  }

  /** Resolves to the status; keeps the session when there is one. */
  async signIn(username: string, password: string): Promise<number> {
    const { status, headers } = await this.post('/session', { username, password });
    const lines = [headers['set-cookie'] ?? []].flat();
    if (status === 200) this.cookie = lines.map((line) => line.split(';')[0]).join('; ');
    return status;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A server shuts what was idle for a while; a request may meet that on its way. */
class ShutWhileKept extends Error {}

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const json = String(incoming.headers['content-type']).includes('json');
  return json ? JSON.parse(Buffer.concat(parts).toString()) : undefined;
}
