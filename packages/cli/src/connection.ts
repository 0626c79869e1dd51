import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import type { Problem, SessionView } from '@voxkeep/contract';
import { CommandError, EXIT, exitCodeOf } from './exit-codes.ts';

export interface ConnectionOptions {
  url: string;
  /** Data folder of an archive on this machine: its authority and demo accounts are used. */
  data: string;
  ca?: string;
  keyFile?: string;
  user?: string;
  passwordFile?: string;
  /** The second factor's code; good once, so it may stand in the command line. */
  code?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

interface DemoAccounts {
  accounts: { username: string; password: string; role: string }[];
  apiKey?: string;
}

/** Speaks to one archive over HTTPS, as a service (API key) or as a person (password). */
export class Connection {
  readonly #base: URL;
  readonly #agent: Agent;
  readonly #options: ConnectionOptions;
  #cookie: string | undefined;
  #bearer: string | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#base = new URL(options.url);
    const caFile = options.ca ?? join(options.data, 'tls', 'authority.pem');
    const ca = existsSync(caFile) ? readFileSync(caFile) : undefined;
    if (options.ca !== undefined && ca === undefined) {
      throw new CommandError('CA_MISSING', `no certificate at ${options.ca}`, EXIT.usage);
    }
    this.#agent = new Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) });
  }

  /** Uses the API key of --key-file, or the demo archive's. */
  useService(): void {
    const key = this.#options.keyFile
      ? readSecret(this.#options.keyFile)
      : this.#demoAccounts()?.apiKey;
    if (key === undefined) {
      throw new CommandError('KEY_MISSING', 'give an API key with --key-file', EXIT.usage);
    }
    this.#bearer = key;
  }

  /** Signs in as --user, or as the demo archive's person of that role; resolves to who that is. */
  async signIn(role = 'qa'): Promise<SessionView> {
    const { user, passwordFile, code } = this.#options;
    const demo = this.#demoAccounts()?.accounts;
    const account = demo?.find((one) =>
      user === undefined ? one.role === role : one.username === user,
    );
    const username = user ?? account?.username;
    const password = passwordFile ? readSecret(passwordFile) : account?.password;
    if (username === undefined || password === undefined) {
      throw new CommandError('USER_MISSING', 'give --user and --password-file', EXIT.usage);
    }
    const totp = code === undefined ? {} : { totp: code };
    const answer = await this.send('POST', '/session', { json: { username, password, ...totp } });
    const cookies = answer.headers['set-cookie'];
    this.#cookie = (Array.isArray(cookies) ? cookies : [])
      .map((line) => line.split(';')[0])
      .join('; ');
    return JSON.parse(answer.body.toString()) as SessionView;
  }

  /** The JSON of a successful answer; a refusal becomes a CommandError with the archive's words. */
  async json<T>(method: string, path: string, more: SendOptions = {}): Promise<T> {
    const answer = await this.send(method, path, more);
    return JSON.parse(answer.body.toString() || 'null') as T;
  }

  async send(method: string, path: string, more: SendOptions = {}): Promise<Answer> {
    const body = more.json === undefined ? undefined : Buffer.from(JSON.stringify(more.json));
    const headers: Record<string, string | number> = {
      'x-voxkeep-csrf': '1',
      'accept-language': 'en',
      ...more.headers,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': body.length }),
      ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
      ...(this.#bearer === undefined ? {} : { authorization: `Bearer ${this.#bearer}` }),
    };
    const address = `${more.base ?? '/api/v1'}${path}`;
    const answer = await this.#exchange(method, address, headers, more.stream ?? (body && [body]));
    if (answer.status >= 400) throw refusal(answer);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(
    method: string,
    path: string,
    headers: Record<string, string | number>,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const url = new URL(path, this.#base);
      const outgoing = request(url, { method, headers, agent: this.#agent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
          });
          // Refused before all was sent: the rest would stand in the way of the next request.
          if (!outgoing.writableEnded) outgoing.destroy();
        });
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        reject(
          new CommandError('UNREACHABLE', `${url.origin}: ${error.message}`, EXIT.unreachable),
        ),
      );
      (async () => {
        for await (const chunk of source ?? []) {
          if (outgoing.destroyed) return;
          if (!outgoing.write(chunk)) {
            await new Promise((next) => {
              outgoing.once('drain', next);
              outgoing.once('close', next);
            });
          }
        }
        outgoing.end();
      })().catch((error: unknown) => {
        outgoing.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  #demoAccounts(): DemoAccounts | undefined {
    const file = join(this.#options.data, 'demo-accounts.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoAccounts) : undefined;
  }
}

export interface SendOptions {
  json?: unknown;
  headers?: Record<string, string | number>;
  stream?: AsyncIterable<Uint8Array>;
  /** What the path comes after; default `/api/v1`. */
  base?: string;
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new CommandError('FILE_UNREADABLE', `cannot read ${file}`, EXIT.usage);
  }
}

function refusal(answer: Answer): CommandError {
  try {
    const problem = JSON.parse(answer.body.toString()) as Problem;
    const fields = problem.errors?.map((one) => `${one.field}: ${one.message}`).join('; ');
    const message = `${fields || problem.detail} (request ${problem.requestId})`;
    return new CommandError(problem.code, message, exitCodeOf(answer.status));
  } catch {
    return new CommandError('HTTP', `HTTP status ${answer.status}`, exitCodeOf(answer.status));
  }
}
