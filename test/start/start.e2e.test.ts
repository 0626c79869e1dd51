import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Start, type Status, statusOf } from './start-archive.ts';

const LONG_MS = 240_000;
let folder: string;
const starts: Start[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'voxkeep-start-'));
});
afterEach(async () => {
  for (const start of starts.splice(0)) await start.interrupt();
  rmSync(folder, { recursive: true, force: true });
});

function start(args: string[], env?: Record<string, string>): Start {
  const started = new Start(folder, [...args, '--keys', join(folder, 'keys')], env);
  starts.push(started);
  return started;
}
const archived = ({ records }: Status) =>
  Object.fromEntries(records.map((r) => [r.state, r.count]));

it(
  'broken off twice while the samples come in, by Ctrl-C and by a kill, it has them all in the end',
  async () => {
    // Relative, with a space, Chinese characters, a comma and a quote.
    const name = '留声 数据, "一"';
    const data = join(folder, name);
    const args = ['--data', name, '--port', '0'];
    const first = start(args);
    await first.until(() => existsSync(join(data, 'demo-accounts.json')));
    expect(await first.interrupt()).toBe(0);
    expect(first.said).toMatch(/SIGINT, closing/);
    expect(first.said).not.toMatch(/Error|sample calls/);
    const second = start(args);
    await second.until(() => existsSync(join(data, 'pg', 'postmaster.pid')));
    await new Promise((done) => setTimeout(done, 1000));
    await second.kill();
    const third = start(args);
    const url = await third.serving();
    expect(third.said).toContain('sample calls: 13 of 13 archived, 0 in quarantine');
    expect(archived(await statusOf(url, data))).toEqual({ archived: 13 });
    expect(await third.interrupt()).toBe(0);
    const again = start(args);
    const begun = Date.now();
    expect(archived(await statusOf(await again.serving(), data))).toEqual({ archived: 13 });
    expect(again.said).not.toContain('sample calls');
    expect(Date.now() - begun).toBeLessThan(60_000);
  },
  LONG_MS,
);

it(
  'of two starts at once on one folder one serves and the other says ARCHIVE_IN_USE; on one port PORT_IN_USE',
  async () => {
    const args = ['--data', 'data', '--empty', '--port', '0'];
    const both = [start(args), start(args)];
    const lost = await Promise.race(both.map(async (one) => one.ended().then(() => one)));
    expect(lost.said).toMatch(/^voxkeep: ARCHIVE_IN_USE: .* serves the archive in .*data\n$/);
    const [won] = both.filter((one) => one !== lost);
    const url = await won?.serving();
    expect(won?.said).toContain('/setup?token=');
    const port = new URL(url ?? '').port;
    const other = start(['--data', 'other', '--empty', '--port', port]);
    expect(await other.ended()).toBe(1);
    expect(other.said).toBe(
      `voxkeep: PORT_IN_USE: port ${port} on localhost is in use; --port N takes another, --port 0 a free one\n`,
    );
  },
  LONG_MS,
);

it(
  'without ffmpeg it says so in one line, archives the WAV calls and keeps the others waiting',
  async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const tool of ['unshare', 'setpriv', 'prlimit', 'flock', 'true']) {
      const path = execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
      symlinkSync(path.startsWith('/') ? path : `/bin/${tool}`, join(bin, tool));
    }
    const started = start(['--data', 'data', '--port', '0'], { PATH: bin });
    const url = await started.serving();
    const lines = started.said.split('\n').filter((line) => line.includes('ffmpeg'));
    expect(lines).toEqual([expect.stringContaining('apt-get install ffmpeg')]);
    expect(started.said).toContain('sample calls: 12 of 13 archived, 0 in quarantine');
    const status = await statusOf(url, join(folder, 'data'));
    expect(status.ffmpeg).toBeUndefined();
    expect(archived(status)).toEqual({ archived: 12, received: 1 });
  },
  LONG_MS,
);

it('refuses what it cannot work with in one line, without a trace of the program', async () => {
  writeFileSync(join(folder, 'file'), '');
  const line = async (...args: string[]) => {
    const started = start(args);
    expect(await started.ended()).toBe(1);
    return started.said;
  };
  expect(await line('--data', 'file')).toMatch(
    /^voxkeep: DATA_UNWRITABLE: the data folder \S+file cannot be made or written \(\w+\); --data takes another\n$/,
  );
  expect(await line('--port', '99999999')).toMatch(/^voxkeep: CONFIG_INVALID: .*port.*\n$/);
  expect(await line('--config', 'nothing.yaml')).toMatch(
    /^voxkeep: nothing\.yaml: cannot open .*\n$/,
  );
  expect(await line('--prot', '1')).toMatch(/^voxkeep: Unknown option '--prot'.*\(see --help\)\n$/);
  expect(await line('--host', 'no.such.invalid', '--data', 'd')).toMatch(
    /^voxkeep: HOST_UNKNOWN: .*\n$/,
  );
});
