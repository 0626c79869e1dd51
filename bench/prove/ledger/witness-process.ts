import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';

const CLI = resolve(import.meta.dirname, '../../../packages/cli/src/main.ts');

/** Runs the command line to its end. */
export function voxkeep(args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...process.execArgv, CLI, ...args], { encoding: 'utf8' });
}

/** A command of the command line that goes on. */
export const voxkeepArgs = (args: string[]): string[] => [...process.execArgv, CLI, ...args];

/** `voxkeep witness` in a process of its own. */
export class WitnessProcess {
  readonly folder: string;
  readonly name: string;
  readonly verifierKey: string;
  #child: ChildProcess | undefined;
  url = '';

  constructor(folder: string, name: string) {
    this.folder = folder;
    this.name = name;
    const made = voxkeep(['witness', 'init', '--folder', folder, '--name', name]);
    if (made.status !== 0) throw new Error(`witness init: ${made.stderr}`);
    this.verifierKey = made.stdout.trim();
  }

  trust(logKey: string): void {
    const done = voxkeep(['witness', 'trust', '--folder', this.folder, logKey]);
    if (done.status !== 0) throw new Error(`witness trust: ${done.stderr}`);
  }

  /** Serves at its former port, where it had one. */
  async start(): Promise<void> {
    const listen = `127.0.0.1:${this.url === '' ? 0 : new URL(this.url).port}`;
    const args = voxkeepArgs(['witness', '--folder', this.folder, '--listen', listen]);
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    this.url = await new Promise<string>((done, reject) => {
      let words = '';
      child.stdout.on('data', (chunk: Buffer) => {
        words += chunk.toString();
        const url = /http:\/\/\S+/.exec(words)?.[0];
        if (url !== undefined) done(url);
      });
      child.once('exit', () => reject(new Error(`the witness ended: ${words}`)));
    });
  }

  /** At once, as a power cut would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }

  /** The key that a thief of this witness's folder would have. */
  get seed(): Buffer {
    const { seed } = JSON.parse(readFileSync(join(this.folder, 'witness.key'), 'utf8'));
    return Buffer.from(seed, 'base64');
  }

  ask(method: string, path: string, body = ''): Promise<{ status: number; body: string }> {
    return new Promise((done, reject) => {
      const sent = request(`${this.url}${path}`, { method, agent: false }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        answer.on('end', () => done({ status: answer.statusCode ?? 0, body: text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
