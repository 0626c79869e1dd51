import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Site } from './site-folders.ts';
import { SITES } from './site-folders.ts';

const program = resolve(import.meta.dirname, '../../../packages/cli/bin/voxkeep.cjs');

export interface RebuiltArchive {
  data: string;
  env: Record<string, string>;
  /** What the command said of it. */
  report: {
    records: number;
    ledgerEntries: number;
    ledgerToCome: number;
    gaps: number[];
    journalBehind: boolean;
    unknownRecords: number;
    unavailable: Record<string, number>;
    unavailableFile: string;
  };
  seconds: number;
}

/** `voxkeep recover` on an empty machine: one site is left, and the others are new places. */
export async function rebuildFrom(
  site: Site,
  parts: {
    folder: string;
    siteFolder: string;
    keys: string;
    urlFile?: string;
    /** By default in the folder. */
    data?: string;
    env?: Record<string, string>;
  },
): Promise<RebuiltArchive> {
  const data = parts.data ?? join(parts.folder, 'data');
  mkdirSync(parts.folder, { recursive: true });
  const places = SITES.map((one) =>
    one === site ? `${one}=${parts.siteFolder}` : `${one}=${join(parts.folder, one)}`,
  );
  const env = {
    VOXKEEP_SITES: places.join(),
    ...parts.env,
    ...(parts.urlFile === undefined ? {} : { DATABASE_URL_FILE: parts.urlFile }),
  };
  const started = performance.now();
  const args = ['recover', '--from', site, '--keys', parts.keys, '--data', data, '--json'];
  const { code, out, err } = await runVoxkeep(args, env);
  if (code !== 0) throw new Error(`recover from ${site} ended with ${code}: ${err.slice(-2000)}`);
  const seconds = (performance.now() - started) / 1000;
  return { data, env, report: JSON.parse(out), seconds };
}

/** Lines of a file of JSON lines. */
export const linesOf = <Line>(file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The command, as whoever uses it runs it. */
export function runVoxkeep(args: string[], env: Record<string, string>) {
  return new Promise<{ code: number | null; out: string; err: string }>((done) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('exit', (code) => done({ code, out, err }));
  });
}
