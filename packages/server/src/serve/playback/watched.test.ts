import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watched } from './watched.ts';

async function* pieces(count: number, log: number[]): AsyncIterable<Uint8Array> {
  for (let at = 0; at < count; at += 1) {
    log.push(at);
    await wait(5);
    yield Uint8Array.of(at);
  }
}

it('a right that ends while a stream is open ends the stream', async () => {
  const read: number[] = [];
  let given = 0;
  let may = true;
  const stream = watched(
    pieces(1000, read),
    async () => {
      if (!may) throw new Error('refused');
    },
    10,
  );
  const all = (async () => {
    for await (const chunk of stream) {
      given += chunk.length;
      may = given < 5;
    }
  })();
  await expect(all).rejects.toThrow('refused');
  expect(given).toBeGreaterThanOrEqual(5);
  expect(given).toBeLessThan(20);
  // The source was left, too.
  const left = read.length;
  await wait(30);
  expect(read.length).toBe(left);
});

it('who may goes on to the last byte', async () => {
  let given = 0;
  for await (const chunk of watched(pieces(20, []), async () => undefined, 10)) {
    given += chunk.length;
  }
  expect(given).toBe(20);
});
