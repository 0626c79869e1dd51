import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const LIMIT_MS = 110_000;

/** `voxkeep serve` as a process group of its own, as a terminal starts it. */
export class Start {
  /** What it wrote to standard error. */
  said = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(cwd: string, args: string[], env: Record<string, string> = {}) {
    const program = join(ROOT, 'packages/server/src/main/serve.ts');
    this.#child = spawn(process.execPath, [program, ...args], {
      ...{ cwd, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
      env: { ...process.env, ...env },
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
    this.#ended = new Promise((done) => this.#child.once('close', done));
  }

  /** Resolves to the exit code. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  async until(holds: () => boolean): Promise<void> {
    for (let waited = 0; waited < LIMIT_MS; waited += 50) {
      if (holds()) return;
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.said}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`it took too long: ${this.said}`);
  }

  /** Its address, once it has said everything. */
  async serving(): Promise<string> {
    await this.until(() => /address\s+https:/.test(this.said) && this.said.endsWith('\n\n'));
    return /https:\/\/\S+/.exec(this.said)?.[0] ?? '';
  }

  /** Ctrl-C: the signal goes to every process of the group. Resolves to the exit code. */
  interrupt(): Promise<number | null> {
    return this.#signal('SIGINT');
  }

  /** Pulls the plug. */
  kill(): Promise<number | null> {
    return this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): Promise<number | null> {
    const { pid, exitCode, signalCode } = this.#child;
    const lives = exitCode === null && signalCode === null;
    if (pid !== undefined && lives) process.kill(-pid, signal);
    return this.#ended;
  }
}

export interface Status {
  records: { state: string; count: number }[];
  ffmpeg?: string;
}

/** What the operator of the demo accounts sees. */
export async function statusOf(url: string, data: string): Promise<Status> {
  const file = readFileSync(join(data, 'demo-accounts.json'), 'utf8');
  const { accounts } = JSON.parse(file) as { accounts: { username: string; password: string }[] };
  const password = accounts.find(({ username }) => username === 'operator')?.password;
  const csrf = { 'x-voxkeep-csrf': '1', 'content-type': 'application/json' };
  const body = JSON.stringify({ username: 'operator', password });
  const session = await ask(`${url}/api/v1/session`, 'POST', csrf, body);
  const cookie = String(session.headers['set-cookie']).split(';')[0] ?? '';
  return JSON.parse((await ask(`${url}/api/v1/status`, 'GET', { cookie })).text) as Status;
}

function ask(url: string, method: string, headers: Record<string, string>, body?: string) {
  return new Promise<{ headers: Record<string, unknown>; text: string }>((done, failed) => {
    const sent = request(url, { method, headers, rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => done({ headers: answer.headers, text }));
    });
    sent.on('error', failed);
    sent.end(body);
  });
}
