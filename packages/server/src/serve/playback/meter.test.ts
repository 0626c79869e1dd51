import { expect, it } from 'vitest';
import { type Draw, type Haste, Meters } from './meter.ts';
import { paced } from './paced.ts';

/** Of a call in two channels of PCM16 at 8 kHz. */
const BYTES_A_SECOND = 32_000;
/** What Chromium fetches ahead, in seconds of such a call. */
const AHEAD_S = (4 * 1024 * 1024) / BYTES_A_SECOND;
const ALLOWED_S = (4.5 * 1024 * 1024) / BYTES_A_SECOND;

/** Meters whose clock goes on when somebody waits. */
function turned() {
  let now = 0;
  const meters = new Meters(() => now);
  const sleep = (ms: number) => {
    now += ms;
  };
  /** Draws seconds [from, to) one by one; the wait before each is counted. */
  const take = (draw: Draw, fromS: number, toS: number): Haste[] => {
    const told: Haste[] = [];
    for (let second = fromS; second < toS; second += 1) {
      for (let ms = draw.delayMs(second, second + 1); ms > 0; ) {
        sleep(ms);
        ms = draw.delayMs(second, second + 1);
      }
      const haste = draw.haste();
      if (haste !== undefined) told.push(haste);
    }
    return told;
  };
  return { meters, sleep, take, nowS: () => now / 1000 };
}

it('a copy leaves at once as far as a player fetches ahead, then at four times the speed, and is told once', () => {
  const { meters, take, nowS } = turned();
  const draw = meters.of('qa', 'r1').draw('s1', BYTES_A_SECOND);
  expect(take(draw, 0, 147)).toEqual([]);
  expect(nowS()).toBeLessThan(0.1);
  const told = take(draw, 147, 1800);
  expect(nowS()).toBeGreaterThan((1800 - ALLOWED_S - 2) / 4);
  expect(nowS()).toBeLessThan((1800 - ALLOWED_S + 2) / 4 + 1);
  expect(told).toHaveLength(1);
  expect(told[0]?.drawnS).toBeCloseTo(ALLOWED_S + 15, -1);
  expect(told[0]?.allowanceS).toBeCloseTo(ALLOWED_S, 5);
});

it('answers at the same time, one after the other, and in two sessions of one person share one meter', () => {
  const { meters, take, nowS } = turned();
  const meter = meters.of('qa', 'r1');
  const draws = Array.from({ length: 8 }, (_, at) => meter.draw(`s${at % 2}`, BYTES_A_SECOND));
  const told: Haste[] = [];
  for (let step = 0; step < 100; step += 1) {
    for (const [at, draw] of draws.entries()) {
      told.push(...take(draw, at * 100 + step, at * 100 + step + 1));
    }
  }
  for (const draw of draws) draw.close(true);
  for (let at = 800; at < 1000; at += 10) {
    const draw = meters.of('qa', 'r1').draw('s0', BYTES_A_SECOND);
    told.push(...take(draw, at, at + 10));
    draw.close(true);
  }
  expect(nowS()).toBeGreaterThan((1000 - ALLOWED_S - 2) / 4);
  // Once for each of the two sessions.
  expect(told).toHaveLength(2);
});

it('somebody else, and another record, have meters of their own', () => {
  const { meters, take, nowS } = turned();
  take(meters.of('qa', 'r1').draw('s1', BYTES_A_SECOND), 0, 140);
  take(meters.of('qa', 'r2').draw('s1', BYTES_A_SECOND), 0, 140);
  take(meters.of('qa2', 'r1').draw('s2', BYTES_A_SECOND), 0, 140);
  expect(nowS()).toBeLessThan(0.1);
});

it('what was heard before is given again without a wait and without a word', () => {
  const { meters, take, nowS } = turned();
  for (let time = 0; time < 20; time += 1) {
    const draw = meters.of('qa', 'r1').draw('s1', BYTES_A_SECOND);
    expect(take(draw, 0, 140)).toEqual([]);
    draw.close(true);
  }
  expect(nowS()).toBeLessThan(0.1);
});

it('ten minutes of wild seeking through an hour, and then listening, are never told', () => {
  const { meters, take, sleep, nowS } = turned();
  const meter = meters.of('qa', 'r1');
  const told: Haste[] = [];
  for (let seek = 0; nowS() < 600; seek += 1) {
    const from = Math.floor(((seek * 0.618_034) % 1) * 3400);
    const draw = meter.draw('s1', BYTES_A_SECOND);
    // As much as comes within a quarter of a second.
    const until = nowS() + 0.25;
    for (let at = from; at < from + AHEAD_S && nowS() < until; at += 1) {
      told.push(...take(draw, at, at + 1));
    }
    draw.close(false);
    if (nowS() < until) sleep((until - nowS()) * 1000);
  }
  const last = meter.draw('s1', BYTES_A_SECOND);
  told.push(...take(last, 0, AHEAD_S));
  expect(told).toEqual([]);
});

it('an hour at twice the speed, fetched ahead in bursts, is neither slowed nor told', () => {
  for (const bytesASecond of [BYTES_A_SECOND, 8_000, 120_000]) {
    const { meters, take, sleep, nowS } = turned();
    const draw = meters.of('qa', 'r1').draw('s1', bytesASecond);
    const burstS = Math.floor((2 * 1024 * 1024) / bytesASecond);
    let at = 2 * burstS;
    const told = take(draw, 0, at);
    let waitedS = nowS();
    while (at < 3600) {
      sleep((burstS / 2) * 1000);
      const before = nowS();
      told.push(...take(draw, at, at + burstS));
      waitedS += nowS() - before;
      at += burstS;
    }
    expect([bytesASecond, waitedS, told]).toEqual([bytesASecond, 0, []]);
  }
});

it('keeps a bounded number of meters, and not those that nobody uses any more', () => {
  const meters = new Meters(() => 0, 10);
  const busy = meters.of('qa', 'busy');
  busy.draw('s1', BYTES_A_SECOND);
  for (let at = 0; at < 1000; at += 1) meters.of('qa', `r${at}`);
  expect(meters.size).toBe(10);
  expect(meters.of('qa', 'busy')).toBe(busy);
});

it('every byte leaves in its order, whatever pieces it came in, and telling comes before more leaves', async () => {
  const media = Buffer.from(Uint8Array.from({ length: 50_000 }, (_, at) => (at * 31) % 251));
  async function* source() {
    yield media.subarray(0, 10);
    yield media.subarray(10, 30_001);
    yield media.subarray(30_001);
  }
  const order: string[] = [];
  const told = { drawnS: 1, wallS: 1, allowanceS: 1 };
  const delays = [0, 0, 7, 7, 0];
  const draw: Draw = {
    delayMs: () => delays.shift() ?? 0,
    haste: () => (order.length === 4 ? told : undefined),
    close: (whole) => order.push(`close ${whole}`),
  };
  const bytes = paced(source(), {
    ...{ draw, start: 0, bytesASecond: 20_000 },
    tell: async () => order.push('told'),
    wait: async (ms) => order.push(`wait ${ms}`),
  });
  const parts: Uint8Array[] = [];
  for await (const part of bytes) {
    parts.push(part);
    order.push(`${part.length} bytes`);
  }
  expect(Buffer.concat(parts).equals(media)).toBe(true);
  expect(order).toEqual([
    ...['10 bytes', '20000 bytes', 'wait 7', 'wait 7', 'told', '9991 bytes'],
    ...['19999 bytes', 'close true'],
  ]);
});

it('who waits for the meter and goes away is noticed, and what was broken off does not count', async () => {
  const { meters, take, sleep } = turned();
  const meter = meters.of('qa', 'r1');
  take(meter.draw('s1', BYTES_A_SECOND), 0, 148);
  const told: Haste[] = [];
  for (let seek = 0; seek < 50; seek += 1) {
    const from = 200 + seek * 20;
    const bytes = paced(endless(), {
      ...{ draw: meter.draw('s1', BYTES_A_SECOND), bytesASecond: BYTES_A_SECOND },
      start: from * BYTES_A_SECOND,
      tell: async (haste) => told.push(haste),
      wait: async (ms) => sleep(ms),
    });
    let given = 0;
    for await (const part of bytes) {
      given += part.length;
      if (given > 3 * BYTES_A_SECOND) break;
    }
  }
  expect(meter.open).toBe(1);
  expect(told).toEqual([]);
});

async function* endless(): AsyncIterable<Uint8Array> {
  for (;;) yield Buffer.alloc(1 << 20);
}
