import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const START_LIMIT_MS = 110_000;
const STOP_LIMIT_MS = 20_000;

export interface Account {
  username: string;
  password: string;
  role: string;
}

export interface RunningArchive {
  url: string;
  /** Its data folder; the drop folder is `drop` in it. */
  data: string;
  account: (username: string) => Account;
  /** Asks the process to end (SIGTERM); its exit code, or null when it had to be killed. */
  stop: () => Promise<number | null>;
}

/**
 * A new archive with the sample calls, as `npm start` serves it: one process of its own, on a free
 * port, in a folder that is removed when it stops, with further `settings`. Resolves when all samples are archived.
 */
export async function runArchive(settings: Record<string, string> = {}): Promise<RunningArchive> {
  if (!existsSync(join(ROOT, 'packages/web/dist/index.html'))) {
    throw new Error('the browser part is not built: vite build packages/web');
  }
  const folder = mkdtempSync(join(tmpdir(), 'voxkeep-e2e-'));
  const data = join(folder, 'data');
  const program = join(ROOT, 'packages/server/src/main/serve.ts');
  const args = [program, '--data', data, '--keys', join(folder, 'keys'), '--port', '0'];
  const path = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...settings, PATH: path },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = async () => {
    const code = await end(child);
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  try {
    const url = await addressOf(child);
    const file = readFileSync(join(data, 'demo-accounts.json'), 'utf8');
    const { accounts } = JSON.parse(file) as { accounts: Account[] };
    const account = (username: string) => {
      const found = accounts.find((one) => one.username === username);
      if (found === undefined) throw new Error(`no demo account ${username}`);
      return found;
    };
    return { url, data, account, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address is printed last, when the archive serves and the samples are in. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => reject(new Error(`the archive ${why}:\n${said}`));
    const limit = setTimeout(() => fail('did not start in time'), START_LIMIT_MS);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const url = /address\s+(https:\S+)/.exec(said)?.[1];
      if (url === undefined || !/accounts\s+\S+/.test(said)) return;
      clearTimeout(limit);
      resolve(url);
    });
    child.once('exit', (code) => {
      clearTimeout(limit);
      fail(`ended with ${code}`);
    });
  });
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(limit);
  return child.exitCode;
}
