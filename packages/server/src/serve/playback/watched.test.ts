import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fixedClock } from '../../core/clock.ts';
import { watched } from './watched.ts';

const clock = fixedClock('2026-11-27T02:00:00Z');
const later = new Date('2026-11-27T02:10:00Z');

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
  const allowed = async () => {
    if (!may) throw new Error('refused');
  };
  const stream = watched(pieces(1000, read), { allowed, endsAt: later, clock, everyMs: 10 });
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

it('a stream that is kept open for longer than it takes to hear is ended', async () => {
  const turned = fixedClock('2026-11-27T02:00:00Z');
  let given = 0;
  const stream = watched(pieces(1000, []), {
    ...{ allowed: async () => undefined, endsAt: later, clock: turned, everyMs: 10 },
  });
  const all = (async () => {
    for await (const chunk of stream) {
      given += chunk.length;
      if (given === 5) turned.set('2026-11-27T02:10:01Z');
    }
  })();
  await expect(all).rejects.toMatchObject({ code: 'TICKET_EXPIRED' });
  expect(given).toBeGreaterThanOrEqual(5);
  expect(given).toBeLessThan(20);
});

it('who may goes on to the last byte', async () => {
  let given = 0;
  const bounds = { allowed: async () => undefined, endsAt: later, clock, everyMs: 10 };
  for await (const chunk of watched(pieces(20, []), bounds)) given += chunk.length;
  expect(given).toBe(20);
});
