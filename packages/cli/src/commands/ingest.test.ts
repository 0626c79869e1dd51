import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommandError, EXIT } from '../exit-codes.ts';
import { findCalls } from './find-calls.ts';
import { ingest, type Sender } from './ingest.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'voxkeep-cli-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), `content of ${name}`);
  }
}
const has = (name: string) => existsSync(join(root, name));

/** An archive that knows calls by the text of their media, and takes `steps` looks to archive one. */
class FakeArchive implements Sender {
  readonly posts: { path: string; type: string; body: string }[] = [];
  readonly states = new Map<string, string[]>();
  readonly refuse = new Map<string, CommandError>();
  /** What comes back with every receipt. */
  more: object = {};
  ends = ['received', 'archived'];
  beforeAnswer: () => Promise<void> = async () => undefined;

  useService(): void {}

  async json<T>(method: string, path: string, more: object = {}): Promise<T> {
    if (method === 'GET') {
      const left = this.states.get(path.split('/')[2] ?? '') ?? [];
      const state = left.length > 1 ? left.shift() : left[0];
      const reason =
        state === 'quarantined' ? { reasonCode: 'TRANSCRIPT_MISSING', reason: 'x' } : {};
      return { state, ...reason } as T;
    }
    const { headers, stream } = more as {
      headers: Record<string, string | number>;
      stream: AsyncIterable<Uint8Array>;
    };
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part);
    const body = Buffer.concat(parts).toString();
    expect(Buffer.byteLength(body)).toBe(headers['content-length']);
    await this.beforeAnswer();
    for (const [text, error] of this.refuse) if (body.includes(text)) throw error;
    this.posts.push({ path, type: String(headers['content-type']), body });
    const id = `record-${this.posts.length}`;
    this.states.set(id, [...this.ends]);
    return { id, state: 'received', created: true, sameDetails: true, ...this.more } as T;
  }
}

const run = (archive: Sender, more: { wait?: boolean; remove?: boolean } = {}, paths = [root]) =>
  ingest(archive, paths, {
    ...{ wait: false, remove: false, progress: false, ...more },
    signal: new AbortController().signal,
  });

it('walks folders, takes a file for its whole call, and sends each call once', async () => {
  await put('a.wav', 'a.json', 'a.srt', 'a.1.png', 'sub/deep/b.mp3', 'sub/deep/b.json', 'c.vcon');
  await put('.hidden/d.wav', '.hidden/d.json', 'README.md');
  await symlink(join(root, 'sub'), join(root, 'again'));
  const every = [root, join(root, 'a.json'), join(root, 'a.wav'), join(root, 'sub')];
  const { calls, lone } = await findCalls(every);
  expect(calls.map(({ name }) => name)).toEqual(['a', 'c', 'b']);
  expect(lone).toEqual([]);
  const [glob] = (await findCalls([join(root, 'a.1.png')])).calls;
  expect(glob).toMatchObject({ name: 'a', transcript: join(root, 'a.srt') });
});

it('sends each part with its own type, and no file name', async () => {
  await put(
    '13800138461.wav',
    '13800138461.json',
    '13800138461.srt',
    '13800138461.1.jpg',
    'x.vcon.gz',
  );
  const archive = new FakeArchive();
  expect((await run(archive)).exitCode).toBe(EXIT.ok);
  const [call, vcon] = archive.posts;
  expect(call?.path).toBe('/records');
  for (const type of ['audio/wav', 'application/json', 'application/x-subrip', 'image/jpeg']) {
    expect(call?.body).toContain(`content-type: ${type}`);
  }
  expect(call?.body).not.toContain('filename="13800138461');
  expect(vcon).toMatchObject({ path: '/vcon', type: 'application/gzip' });
});

it('without --remove nothing is unlinked; with it, only what is archived', async () => {
  await put('a.wav', 'a.json', 'a.transcript.json', 'b.vcon');
  await run(new FakeArchive(), { wait: true });
  expect(has('a.wav') && has('b.vcon')).toBe(true);
  const archive = new FakeArchive();
  archive.ends = ['received', 'probed', 'sealed', 'archived'];
  const { lines, exitCode } = await run(archive, { remove: true });
  expect(exitCode).toBe(EXIT.ok);
  expect(lines).toMatchObject([{ state: 'archived', removed: true }, { removed: true }]);
  expect(['a.wav', 'a.json', 'a.transcript.json', 'b.vcon'].some(has)).toBe(false);
});

it('a call in quarantine keeps its files, and the exit code says partial', async () => {
  await put('a.wav', 'a.json');
  const archive = new FakeArchive();
  archive.ends = ['received', 'quarantined'];
  for (const options of [{ wait: true }, { remove: true }]) {
    const { lines, exitCode } = await run(archive, options);
    expect(exitCode).toBe(EXIT.partial);
    expect(lines).toMatchObject([{ state: 'quarantined', error: 'TRANSCRIPT_MISSING' }]);
    expect(has('a.wav') && has('a.json')).toBe(true);
  }
});

it('files that changed while they were sent are not unlinked', async () => {
  await put('a.wav', 'a.json');
  const archive = new FakeArchive();
  archive.beforeAnswer = () => writeFile(join(root, 'a.json'), 'corrected');
  const { lines, exitCode } = await run(archive, { remove: true });
  expect([lines[0]?.removed, exitCode]).toEqual([false, EXIT.partial]);
  expect(has('a.wav') && has('a.json')).toBe(true);
});

it('a known call whose details here are others is not unlinked: they were not taken', async () => {
  await put('a.wav', 'a.json');
  const archive = new FakeArchive();
  archive.more = { created: false, state: 'archived', sameDetails: false };
  const { lines, exitCode } = await run(archive, { remove: true });
  expect([lines[0]?.removed, exitCode]).toEqual([false, EXIT.partial]);
  expect(has('a.wav')).toBe(true);
});

it('one call that is refused does not stop the others; only all refused is invalid', async () => {
  await put('a.wav', 'a.json', 'b.wav', 'b.json', 'c.wav');
  const archive = new FakeArchive();
  const refusal = new CommandError('METADATA_INVALID', 'metadata/agent: x', EXIT.invalid);
  archive.refuse.set('content of a.wav', refusal);
  const { lines, exitCode } = await run(archive);
  expect(exitCode).toBe(EXIT.partial);
  expect(lines.map(({ name, error }) => [name, error])).toEqual([
    ...[
      ['c.wav', 'METADATA_MISSING'],
      ['a', 'METADATA_INVALID'],
      ['b', undefined],
    ],
  ]);
  archive.refuse.set('content of b.wav', refusal);
  expect((await run(archive)).exitCode).toBe(EXIT.invalid);
});

it('an archive that goes away ends it, and what was sent is still told', async () => {
  await put('a.wav', 'a.json', 'b.wav', 'b.json');
  const archive = new FakeArchive();
  archive.refuse.set('content of b.wav', new CommandError('UNREACHABLE', 'gone', EXIT.unreachable));
  const { lines, stopped, exitCode } = await run(archive);
  expect(exitCode).toBe(EXIT.unreachable);
  expect(lines).toMatchObject([{ name: 'a', id: 'record-1' }]);
  expect(stopped).toEqual({ error: 'UNREACHABLE', message: 'gone' });
});

it('a connection that breaks once is no reason to stop', async () => {
  await put('a.wav', 'a.json');
  const archive = new FakeArchive();
  let times = 0;
  archive.beforeAnswer = async () => {
    times += 1;
    if (times === 1) throw new CommandError('UNREACHABLE', 'reset', EXIT.unreachable);
  };
  const { lines, exitCode } = await run(archive);
  expect([lines.length, exitCode, times]).toEqual([1, EXIT.ok, 2]);
});

it('says when there is nothing at a path, or nothing to send', async () => {
  await expect(run(new FakeArchive(), {}, [join(root, 'no')])).rejects.toMatchObject({
    ...{ code: 'PATH_MISSING', exitCode: EXIT.usage },
  });
  await put('notes.txt');
  await expect(run(new FakeArchive())).rejects.toMatchObject({ code: 'NOTHING_FOUND' });
});
