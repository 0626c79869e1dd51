import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { buildWavHeader } from '../../core/sound/wav.ts';
import { runSandboxed } from './sandbox.ts';

const here = spawnSync('ffmpeg', ['-version']).status === 0;
if (!here && process.env['CI'] === 'true') throw new Error('ffmpeg is missing');
const hasNetworkNamespaces = spawnSync('unshare', ['--net', 'true']).status === 0;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'voxkeep-sandbox-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WAV = Buffer.concat([
  buildWavHeader({
    ...{ codec: 'pcm_s16le', channels: 1, sampleRate: 8000, sampleBytes: 2, frames: 8000 },
  }),
  Buffer.alloc(16_000, 7),
]);
const ENDLESS = ['-v', 'error', '-re', '-f', 'lavfi', '-i', 'anullsrc', '-f', 's16le', 'pipe:1'];

async function outcome(run: Parameters<typeof runSandboxed>[0]): Promise<unknown> {
  try {
    let bytes = 0;
    for await (const chunk of runSandboxed(run)) bytes += chunk.length;
    return bytes;
  } catch (error) {
    return error;
  }
}

/** Processes whose command line holds the mark. */
function alive(mark: string): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  }).length;
}

describe.skipIf(!here)('a media child', () => {
  it('reads what it is handed', async () => {
    async function* source() {
      yield WAV;
    }
    const args = [...['-v', 'error', '-f', 'wav', '-i', 'pipe:3'], '-f', 's16le', 'pipe:1'];
    const inputs = [{ fd: 3, source: source() }];
    expect(await outcome({ program: 'ffmpeg', args, inputs })).toBe(16_000);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'cannot open a file of the archive, even by name',
    async () => {
      const secret = join(folder, 'secret.wav');
      writeFileSync(secret, WAV, { mode: 0o600 });
      const args = ['-v', 'error', '-f', 'wav', '-i', secret, '-f', 's16le', 'pipe:1'];
      const error = await outcome({ program: 'ffmpeg', args, inputs: [] });
      expect(hasCode(error, 'MEDIA_UNREADABLE')).toBe(true);
    },
  );

  it('cannot write a file', async () => {
    const target = join(tmpdir(), `voxkeep-sandbox-${crypto.randomUUID()}.wav`);
    const args = [...['-v', 'error', '-f', 'lavfi', '-i', 'anullsrc', '-t', '1'], target];
    const error = await outcome({ program: 'ffmpeg', args, inputs: [] });
    const written = existsSync(target) ? readFileSync(target).length : 0;
    rmSync(target, { force: true });
    expect(hasCode(error, 'MEDIA_UNREADABLE')).toBe(true);
    expect(written).toBe(0);
  });

  it.skipIf(!hasNetworkNamespaces)('reaches no network, not even this machine', async () => {
    let knocks = 0;
    const server = createServer((socket) => {
      knocks += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const input = ['-f', 'wav', '-i', `http://127.0.0.1:${port}/x.wav`];
    const args = ['-v', 'error', ...input, '-f', 's16le', 'pipe:1'];
    const error = await outcome({ program: 'ffmpeg', args, inputs: [] });
    await new Promise((resolve) => server.close(resolve));
    expect(hasCode(error, 'MEDIA_UNREADABLE')).toBe(true);
    expect(knocks).toBe(0);
  });

  it('ends when its time is over, with MEDIA_TIMEOUT', async () => {
    const error = await outcome({ program: 'ffmpeg', args: ENDLESS, inputs: [], timeoutMs: 400 });
    expect(hasCode(error, 'MEDIA_TIMEOUT')).toBe(true);
  });

  it('is gone when nobody listens any more, and when it is called off', async () => {
    const mark = `mark=${crypto.randomUUID()}`;
    const args = [...ENDLESS.slice(0, -1), '-metadata', mark, 'pipe:1'];
    for await (const _ of runSandboxed({ program: 'ffmpeg', args, inputs: [] })) break;
    const stop = new AbortController();
    const run = outcome({ program: 'ffmpeg', args, inputs: [], signal: stop.signal });
    await wait(300);
    stop.abort();
    expect(await run).toBeInstanceOf(Error);
    const never = await outcome({ program: 'ffmpeg', args, inputs: [], signal: stop.signal });
    expect(never).toBeInstanceOf(Error);
    await wait(100);
    expect(alive(mark)).toBe(0);
  });

  it('stops when its source fails, with the error of the source', async () => {
    async function* source() {
      yield WAV.subarray(0, 1000);
      throw new Error('the object does not open');
    }
    const args = ['-v', 'error', '-f', 'wav', '-i', 'pipe:3', '-f', 's16le', 'pipe:1'];
    const inputs = [{ fd: 3, source: source() }];
    const error = await outcome({ program: 'ffmpeg', args, inputs });
    expect(error).toHaveProperty('message', 'the object does not open');
  });

  it('says nothing of what it read in its error', async () => {
    async function* source() {
      yield Buffer.from('the customer said something');
    }
    const args = ['-v', 'debug', '-f', 'wav', '-i', 'pipe:3', '-f', 's16le', 'pipe:1'];
    const error = await outcome({
      ...{ program: 'ffmpeg', args },
      inputs: [{ fd: 3, source: source() }],
    });
    expect(String((error as Error).message)).toMatch(/^ffmpeg ended with \d+ \(\d+ bytes said\)$/);
  });

  it('is missed by name, to be tried again later', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = folder;
    const error = await outcome({ program: 'ffprobe', args: [], inputs: [] });
    process.env['PATH'] = PATH;
    expect(hasCode(error, 'FFMPEG_MISSING')).toBe(true);
    expect(error).toHaveProperty('retry', 'later');
  });
});
