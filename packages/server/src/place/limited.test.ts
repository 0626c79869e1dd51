import { expect, it } from 'vitest';
import { limited } from './limited.ts';
import { MemorySite } from './memory-site.testing.ts';

const key = (n: number) => `objects/aa/${n}.vko`;

it('lets so many calls through at a time, and every one of them in the end', async () => {
  const site = new MemorySite('hq');
  site.putMs = 5;
  const held = limited(site, { atOnce: 3 });
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => held.put('core', key(n), [Buffer.from('x')])),
  );
  expect(site.mostPuts).toBe(3);
  expect((await held.stat('core', key(19)))?.sizeBytes).toBe(1);
});

it('gives the turn back of a stream that is left, or fails', async () => {
  const site = limited(new MemorySite('hq'), { atOnce: 1 });
  await site.put('core', key(1), [Buffer.from('x')]);
  for await (const _ of site.get('core', key(1))) break;
  await expect(site.get('core', key(2))[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'OBJECT_MISSING',
  });
  await expect(site.readRange('core', key(2), 0, 1)).rejects.toMatchObject({
    code: 'OBJECT_MISSING',
  });
  expect(await site.stat('core', key(1))).toBeDefined();
});

it('keeps bytes to their pace, both ways together', async () => {
  const site = limited(new MemorySite('hq'), { atOnce: 4, bytesPerSecond: 100_000 });
  const started = performance.now();
  // The first second's worth leaves at once.
  await site.put(
    'core',
    key(1),
    Array.from({ length: 12 }, () => Buffer.alloc(10_000)),
  );
  await site.readRange('core', key(1), 0, 20_000);
  const tookMs = performance.now() - started;
  expect(tookMs).toBeGreaterThan(350);
  expect(tookMs).toBeLessThan(1500);
});
