import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ArchiveError } from '../core/errors.ts';
import type { Area, SiteStore } from './ports.ts';

/** What every site does, whatever it is made of. */
export function siteContract(
  site: () => SiteStore,
  can: { lock: boolean; largeBytes?: number },
): void {
  const newKey = (folder = 'objects/0198/a1b') => `${folder}/${randomUUID()}.vko`;
  const bytesOf = async (area: Area, key: string) => {
    const parts: Uint8Array[] = [];
    for await (const part of site().get(area, key)) parts.push(part);
    return Buffer.concat(parts);
  };
  const rejects = (work: () => Promise<unknown>, code: string) =>
    expect(work()).rejects.toMatchObject({ code });
  async function* pieces(bytes: Buffer, size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  test('gives back what was put, whole and in part, and says how much it is and since when', async () => {
    const key = newKey();
    const bytes = randomBytes(200_000);
    const before = Date.now();
    expect(await site().put('core', key, pieces(bytes, 7001))).toEqual({ sizeBytes: 200_000 });
    expect((await bytesOf('core', key)).equals(bytes)).toBe(true);
    for (const [offset, length] of [
      [0, 1],
      [0, 200_000],
      [65_535, 2],
      [199_999, 1],
    ] as const) {
      const part = await site().readRange('core', key, offset, length);
      expect(part.equals(bytes.subarray(offset, offset + length))).toBe(true);
    }
    const stat = await site().stat('core', key);
    expect(stat?.sizeBytes).toBe(200_000);
    expect(Math.abs((stat?.writtenAt.getTime() ?? 0) - before)).toBeLessThan(10_000);
  });

  test('gives fewer bytes at the end, and none beyond it', async () => {
    const key = newKey();
    await site().put('core', key, [Buffer.from('0123456789')]);
    expect((await site().readRange('core', key, 8, 100)).toString()).toBe('89');
    expect((await site().readRange('core', key, 10, 5)).length).toBe(0);
    expect((await site().readRange('core', key, 400, 5)).length).toBe(0);
  });

  test('keeps an object of no bytes', async () => {
    const key = newKey();
    expect(await site().put('core', key, [])).toEqual({ sizeBytes: 0 });
    expect((await site().stat('core', key))?.sizeBytes).toBe(0);
    expect((await bytesOf('core', key)).length).toBe(0);
  });

  test(`keeps ${can.largeBytes ?? 1_000_000} bytes as they came`, {
    timeout: 120_000,
  }, async () => {
    const key = newKey();
    const sent = createHash('sha256');
    const sizeBytes = can.largeBytes ?? 1_000_000;
    async function* large() {
      for (let left = sizeBytes; left > 0; left -= 1_000_000) {
        const piece = randomBytes(Math.min(left, 1_000_000));
        sent.update(piece);
        yield piece;
      }
    }
    await site().put('core', key, large(), { expectedBytes: sizeBytes });
    const kept = createHash('sha256');
    for await (const part of site().get('core', key)) kept.update(part);
    expect(kept.digest('hex')).toBe(sent.digest('hex'));
    await site().delete('core', key);
  });

  test('puts anew in the place of what was there', async () => {
    const key = newKey();
    await site().put('core', key, [Buffer.from('one')]);
    await site().put('core', key, [Buffer.from('another')]);
    expect((await bytesOf('core', key)).toString()).toBe('another');
  });

  test('shows nothing of a put whose source fails, and keeps what was there before', async () => {
    const key = newKey();
    const failing = (after: number) =>
      (async function* () {
        yield randomBytes(after);
        throw new ArchiveError('OBJECT_DAMAGED', 'the source failed');
      })();
    for (const after of [10, can.largeBytes ?? 1_000_000]) {
      await rejects(() => site().put('core', key, failing(after)), 'OBJECT_DAMAGED');
      expect(await site().stat('core', key)).toBeUndefined();
    }
    await site().put('core', key, [Buffer.from('before')]);
    await rejects(() => site().put('core', key, failing(10)), 'OBJECT_DAMAGED');
    expect((await bytesOf('core', key)).toString()).toBe('before');
  });

  test('refuses a stream that is longer or shorter than was said', async () => {
    for (const expectedBytes of [2, 4]) {
      const key = newKey();
      const put = () => site().put('core', key, [Buffer.from('abc')], { expectedBytes });
      await rejects(put, 'OBJECT_SIZE_WRONG');
      expect(await site().stat('core', key)).toBeUndefined();
    }
  });

  test('says what is missing', async () => {
    const key = newKey();
    expect(await site().stat('core', key)).toBeUndefined();
    await rejects(() => bytesOf('core', key), 'OBJECT_MISSING');
    await rejects(() => site().readRange('core', key, 0, 1), 'OBJECT_MISSING');
    await site().delete('core', key);
  });

  test('forgets what is deleted, in that area alone', async () => {
    const key = newKey();
    for (const area of ['basic', 'core'] as const) await site().put(area, key, [Buffer.from(area)]);
    await site().delete('basic', key);
    expect(await site().stat('basic', key)).toBeUndefined();
    expect((await bytesOf('core', key)).toString()).toBe('core');
  });

  test('forgets envelopes and what is in quarantine for good', async () => {
    const envelope = newKey('envelopes/0198/a1b');
    for (const area of ['core', 'quarantine'] as const) {
      await site().put(area, envelope, [Buffer.from('key')]);
      await site().delete(area, envelope);
      expect(await site().stat(area, envelope)).toBeUndefined();
    }
  });

  test('lists what is in an area, by the beginning of its key', async () => {
    const keys = [
      newKey('objects/aaaa/001'),
      newKey('objects/aaaa/002'),
      newKey('envelopes/aaaa/001'),
    ];
    for (const key of keys) await site().put('sensitive', key, [Buffer.from(key)]);
    const listed = async (prefix?: string) => {
      const found = new Map<string, number>();
      for await (const { key, sizeBytes } of site().list('sensitive', prefix))
        found.set(key, sizeBytes);
      return found;
    };
    expect([...(await listed()).keys()].sort()).toEqual(keys.toSorted());
    expect([...(await listed('objects/aaaa/')).keys()].sort()).toEqual(keys.slice(0, 2).toSorted());
    expect([...(await listed('envelopes/')).keys()]).toEqual([keys[2]]);
    expect((await listed()).get(keys[0] ?? '')).toBe(keys[0]?.length);
    expect((await listed('objects/bbbb')).size).toBe(0);
  });

  test.each(['../secret', '/etc/passwd', 'objects/../../x', '.drafts/x', ''])(
    'has no key %j',
    async (key) => {
      const put = async () => site().put('core', key, [Buffer.from('x')]);
      await expect(put).rejects.toMatchObject({ code: 'OBJECT_KEY_UNSAFE' });
    },
  );

  test('takes many at once', { timeout: 60_000 }, async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ key: newKey(), text: `object ${at}` }));
    await Promise.all(many.map(({ key, text }) => site().put('basic', key, [Buffer.from(text)])));
    const read = await Promise.all(many.map(({ key }) => bytesOf('basic', key)));
    expect(read.map(String)).toEqual(many.map(({ text }) => text));
  });

  test('is healthy', async () => {
    expect(await site().health()).toMatchObject({ reachable: true });
  });

  test.runIf(can.lock)(
    'keeps what is locked until its day, which can only be put off, then forgets it',
    { timeout: 30_000 },
    async () => {
      const key = newKey();
      await site().put('core', key, [Buffer.from('kept')]);
      const first = Date.now() + 3000;
      const until = new Date(first + 4000);
      await site().lock('core', key, new Date(first));
      await site().lock('core', key, until);
      await site().lock('core', key, new Date(first));
      await rejects(() => site().delete('core', key), 'OBJECT_LOCKED');
      await wait(first - Date.now() + 1500);
      await rejects(() => site().delete('core', key), 'OBJECT_LOCKED');
      expect((await bytesOf('core', key)).toString()).toBe('kept');
      await wait(until.getTime() - Date.now() + 1500);
      await site().delete('core', key);
      expect(await site().stat('core', key)).toBeUndefined();
    },
  );

  test('says where it locks; elsewhere a lock changes nothing, but of what is missing it is told', async () => {
    expect(site().locks('core')).toBe(can.lock);
    expect(site().locks('quarantine')).toBe(false);
    const far = new Date(Date.now() + 3_600_000);
    for (const [area, key] of [
      ['quarantine', newKey()],
      ['core', newKey('envelopes/0198/a1b')],
    ] as const) {
      await site().put(area, key, [Buffer.from('x')]);
      await site().lock(area, key, far);
      await site().delete(area, key);
      expect(await site().stat(area, key)).toBeUndefined();
      await rejects(() => site().lock(area, key, far), 'OBJECT_MISSING');
    }
  });
}
