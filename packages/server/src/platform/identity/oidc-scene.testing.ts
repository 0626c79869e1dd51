import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCertificate } from './tls-files.testing.ts';

export interface OidcScene {
  issuer: string;
  /** PEM of who signed its certificate. */
  authority: string;
  /** Signs in on the provider's pages as `login`, as a browser would; where it is sent back to. */
  walk(url: string, login: string): Promise<URL>;
  /** Lets it stand still, so that it takes connections and answers nothing, or go on. */
  hang(on: boolean): void;
  stop(): Promise<void>;
}

/**
 * A real OpenID provider in a process of its own, whose only client comes back to `callback`. Its
 * certificate is for this machine unless said otherwise.
 */
export async function oidcScene(callback: string, hostNames?: string[]): Promise<OidcScene> {
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-oidc-'));
  const { key, cert, authority } = await testCertificate(hostNames);
  const files = [join(folder, 'key.pem'), join(folder, 'chain.pem')] as const;
  await writeFile(files[0], key);
  await writeFile(files[1], cert);
  const script = join(import.meta.dirname, 'oidc-process.testing.ts');
  const child = spawn(process.execPath, [script, ...files, callback], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const issuer = await firstLine(child);
  return {
    ...{ issuer, authority },
    walk: (url, login) => walk(url, login, callback, authority),
    hang: (on) => void child.kill(on ? 'SIGSTOP' : 'SIGCONT'),
    async stop() {
      if (child.exitCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
    child.once('exit', () => reject(new Error('the provider did not start')));
  });
}

/** Follows redirects with cookies and sends the provider's forms, until it leads back to us. */
async function walk(start: string, login: string, callback: string, ca: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let next: { url: URL; form?: string } = { url: new URL(start) };
  for (let step = 0; step < 20; step += 1) {
    if (`${next.url.origin}${next.url.pathname}` === callback) return next.url;
    const answer = await ask(next.url, ca, cookies, next.form);
    if (answer.location !== undefined) {
      next = { url: new URL(answer.location, next.url) };
      continue;
    }
    const action = /<form[^>]*action="([^"]+)"/.exec(answer.text)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(answer.text)?.[1];
    if (action === undefined || prompt === undefined) throw new Error(`a page without a form`);
    const fields = { prompt, ...(prompt === 'login' ? { login, password: 'any' } : {}) };
    next = { url: new URL(action, next.url), form: new URLSearchParams(fields).toString() };
  }
  throw new Error('the provider never came to an end');
}

function ask(
  url: URL,
  ca: string,
  cookies: Map<string, string>,
  form: string | undefined,
): Promise<{ location?: string; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const method = form === undefined ? 'GET' : 'POST';
    const sent = request(url, { ca, headers, method, agent: false }, (answer) => {
      let text = '';
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => {
        const { location } = answer.headers;
        resolve({ text, ...(location === undefined ? {} : { location }) });
      });
    });
    sent.on('error', reject);
    sent.end(form);
  });
}
