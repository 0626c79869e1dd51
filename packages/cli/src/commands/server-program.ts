import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { EXIT } from '../exit-codes.ts';

const PROGRAMS = resolve(import.meta.dirname, '../../../server/src/main');

/** Runs one of the server's programs in this terminal; resolves to its exit code. */
export function runServerProgram(
  name: 'serve' | 'explain' | 'keys' | 'recover',
  args: string[],
): Promise<number> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve(PROGRAMS, `${name}.ts`), ...args], {
      stdio: 'inherit',
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const) {
      process.on(signal, () => child.kill(signal));
    }
    child.on('error', () => done(EXIT.failed));
    child.on('exit', (code) => done(code ?? EXIT.failed));
  });
}
