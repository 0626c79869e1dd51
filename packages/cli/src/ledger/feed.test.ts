import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandError } from '../exit-codes.ts';
import { type FeedOptions, feedLog } from './feed.ts';
import { searchLog } from './search.ts';
import type { Sink } from './syslog.ts';
import { TestLog } from './test-log.testing.ts';

let folder: string;
let log: TestLog;
let given: number[];
let sink: Sink;
let options: FeedOptions;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'voxkeep-feed-'));
  log = new TestLog();
  given = [];
  sink = {
    write: async (line) => void given.push((JSON.parse(line) as { seq: number }).seq),
    close: async () => undefined,
  };
  const stateFile = join(folder, 'state');
  const signal = new AbortController().signal;
  options = { format: 'jsonl', from: 0, follow: false, pollMs: 5, stateFile, signal };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (more: Partial<FeedOptions> = {}) =>
  feedLog({ files: log.read, vkey: log.signer.vkey }, sink, { ...options, ...more });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof CommandError ? error.code : String(error)),
  );
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

test('gives each entry once, across runs and across bundles', async () => {
  log.grow(300);
  await run();
  await run();
  log.grow(400);
  expect(await run()).toEqual({ count: 400, next: 700 });
  expect(given).toEqual(upTo(0, 700));
});

test('begins in the middle when told to', async () => {
  log.grow(300);
  await run({ from: 290, stateFile: undefined });
  expect(given).toEqual(upTo(290, 300));
});

test('goes on with a successor that has what was given out, and with no other', async () => {
  log.grow(300);
  await run();
  log.succeed();
  log.grow(5);
  expect(await run()).toEqual({ count: 5, next: 305 });
  const old = new TestLog().signer.vkey;
  const source = { files: log.read, vkey: old };
  expect(await codeOf(feedLog(source, sink, options))).toBe('LOG_SUCCEEDED');
  log.cut(290);
  log.succeed();
  log.grow(50, ' other');
  expect(await codeOf(run())).toBe('LOG_FORKED');
});

test('follows, and ends when it is told to', async () => {
  log.grow(5);
  const stop = new AbortController();
  const running = run({ follow: true, signal: stop.signal });
  await new Promise((resolve) => setTimeout(resolve, 30));
  log.grow(5);
  await new Promise((resolve) => setTimeout(resolve, 60));
  stop.abort();
  await running;
  expect(given).toEqual(upTo(0, 10));
});

test('a receiver that fails gets what it did not take, from the last bundle on', async () => {
  log.grow(600);
  const failing: Sink = {
    ...sink,
    write: async (line, entry) => {
      if (given.length === 300) throw new CommandError('UNREACHABLE', 'gone');
      await sink.write(line, entry);
    },
  };
  const source = { files: log.read, vkey: log.signer.vkey };
  expect(await codeOf(feedLog(source, failing, options))).toBe('UNREACHABLE');
  given = given.slice(0, 256);
  await run();
  expect(given).toEqual(upTo(0, 600));
});

test('gives nothing of a log that is not what was signed, or not the one it gave before', async () => {
  log.grow(300);
  await run();
  const state = readFileSync(join(folder, 'state'), 'utf8');
  log.grow(10);
  const bundle = log.files.get('tile/entries/001.p/54') ?? Buffer.alloc(0);
  bundle[bundle.length - 3] = (bundle.at(-3) ?? 0) ^ 1;
  expect(await codeOf(run())).toBe('LOG_TILE_BAD');
  log.cut(200);
  expect(await codeOf(run())).toBe('LOG_FORKED');
  log.grow(200, 'x');
  expect(await codeOf(run())).toBe('LOG_FORKED');
  expect(given).toHaveLength(300);
  expect(readFileSync(join(folder, 'state'), 'utf8')).toBe(state);
});

test('without a state nothing is written', async () => {
  log.grow(3);
  await run({ stateFile: undefined });
  expect(existsSync(join(folder, 'state'))).toBe(false);
});

test('a search of a log offline finds by actor and time, newest first, and proves it first', async () => {
  log.grow(300);
  const source = { files: log.read, vkey: log.signer.vkey };
  const from = '2026-11-27T08:00:10+08:00';
  const { entries, size } = await searchLog(source, { actor: 'u-odd', from }, 3);
  expect([size, ...entries.map(({ index }) => index)]).toEqual([300, 299, 297, 295]);
  const late = await searchLog(source, { from, to: '2026-11-27T00:00:12Z' }, 50);
  expect(late.entries.map(({ index }) => index)).toEqual([11, 10]);
  log.files.get('tile/0/000')?.fill(0, 0, 32);
  expect(await codeOf(searchLog(source, {}, 3))).toBe('LOG_TILE_BAD');
});
