import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A fresh archive as its buyer runs it: a process of its own, spoken to over HTTPS. */
export class TestArchive {
  readonly folder = mkdtempSync(join(tmpdir(), 'voxkeep-prove-'));
  readonly data = join(this.folder, 'data');
  readonly keys = join(this.folder, 'keys');
  readonly temp = join(this.folder, 'tmp');
  readonly log = join(this.folder, 'server.log');
  #child: ChildProcess | undefined;
  #url = '';
  #words = '';
  readonly #sessions = new Map<string, string>();

  /** Starts it; `nodeArgs` are for what runs it. Resolves to what it printed once it serves. */
  async start(
    args: string[] = [],
    nodeArgs: string[] = [],
    env: Record<string, string> = {},
  ): Promise<string> {
    mkdirSync(this.temp, { recursive: true });
    const program = join(root, 'packages/server/src/main/serve.ts');
    const places = ['--data', this.data, '--keys', this.keys, '--port', '0'];
    const child = spawn(
      process.execPath,
      [...process.execArgv, ...nodeArgs, program, ...places, ...args],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...env, TMPDIR: this.temp },
      },
    );
    this.#child = child;
    const log = createWriteStream(this.log, { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    this.#words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#words += chunk.toString();
    });
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code, signal) =>
        reject(new Error(`the archive ended with ${code ?? signal}: ${this.#words}`)),
      );
    });
    ended.catch(() => undefined);
    await Promise.race([ended, this.#serving()]);
    this.#url = /https:\/\/\S+:\d+/.exec(this.#words)?.[0] ?? '';
    return this.#words;
  }

  async #serving(): Promise<void> {
    for (let waited = 0; waited < 300_000; waited += 25) {
      if (this.#words.includes('address') && this.#words.endsWith('\n\n')) return;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`the archive did not start: ${this.#words}`);
  }

  /** Stops it cleanly; resolves to its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || !this.runs) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((done) => child.once('exit', done));
    child.kill('SIGTERM');
    this.#child = undefined;
    this.#sessions.clear();
    return gone;
  }

  /** Ends it at once, as a failing machine would; resolves when it is gone. Sessions are forgotten. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.forgetSessions();
    if (child === undefined || !this.runs) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  /** People sign in again when they ask next. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  /** Whether its process is there. */
  get runs(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  remove(): void {
    this.#child?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The last lines of its log. */
  get lastWords(): string {
    return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-30).join('\n');
  }

  /** Of the process that serves. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Where it serves. */
  get url(): string {
    return this.#url;
  }

  /** The certificate that its answers are to be trusted by. */
  get authority(): Buffer {
    return readFileSync(join(this.data, 'tls/authority.pem'));
  }

  get accounts(): { accounts: { username: string; password: string }[]; apiKey: string } {
    return JSON.parse(readFileSync(join(this.data, 'demo-accounts.json'), 'utf8'));
  }

  /** As a person who is signed in, or with the service's key. */
  async ask(
    who: string | 'service',
    method: string,
    path: string,
    body?: Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.#send(method, path, body, { ...headers, ...(await this.identity(who)) });
  }

  /** Without saying who asks. */
  asNobody(
    method: string,
    path: string,
    body?: Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.#send(method, path, body, headers);
  }

  /** The headers that say who asks. */
  async identity(who: string | 'service'): Promise<Record<string, string>> {
    return who === 'service'
      ? { authorization: `Bearer ${this.accounts.apiKey}` }
      : { cookie: await this.#session(who) };
  }

  /** The redacted media, on a ticket of its own. */
  async media(who: string, id: string): Promise<Answer> {
    return this.ask(who, 'GET', `/records/${id}/media?ticket=${await this.ticket(who, id)}`);
  }

  async ticket(who: string, id: string): Promise<string> {
    const answer = await this.ask(who, 'POST', `/records/${id}/ticket`);
    if (answer.status !== 200) throw new Error(`ticket: ${answer.status} ${answer.body}`);
    return (JSON.parse(answer.body.toString()) as { ticket: string }).ticket;
  }

  async json<T>(who: string, path: string): Promise<T> {
    const answer = await this.ask(who, 'GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body.toString()) as T;
  }

  async #session(username: string): Promise<string> {
    const known = this.#sessions.get(username);
    if (known !== undefined) return known;
    const account = this.accounts.accounts.find((one) => one.username === username);
    if (account === undefined) throw new Error(`no demo account ${username}`);
    const body = Buffer.from(JSON.stringify({ username, password: account.password }));
    const answer = await this.#send('POST', '/session', body, {
      'content-type': 'application/json',
    });
    if (answer.status !== 200) throw new Error(`sign-in of ${username}: ${answer.status}`);
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    const cookie = cookies.map((line) => line.split(';')[0]).join('; ');
    this.#sessions.set(username, cookie);
    return cookie;
  }

  #send(
    method: string,
    path: string,
    body: Buffer | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    return new Promise((done, reject) => {
      const options = {
        method,
        ca: this.authority,
        headers: { 'x-voxkeep-csrf': '1', ...headers },
      };
      const outgoing = request(`${this.#url}/api/v1${path}`, options, (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', reject);
        incoming.on('end', () =>
          done({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(parts),
          }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
