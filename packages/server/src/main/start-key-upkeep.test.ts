import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startKeyUpkeep } from './start-key-upkeep.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LOG = { warn: () => undefined, info: () => undefined };

test('envelopes that a failing site kept from being brought over are tried again soon, then ever later', async () => {
  const tries: number[] = [];
  let failing = true;
  const began = Date.now();
  const rotation = {
    work: async () => {
      tries.push((Date.now() - began) / 1000);
      if (failing) throw new Error('a site is away');
    },
    destroyIdleDays: async () => 0,
  };
  const escrow = { tend: async () => [] };
  const settleEnds = async () => [];
  const upkeep = startKeyUpkeep({ rotation, escrow, settleEnds, sites: 3 }, 100, LOG);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(tries).toEqual([0, 2, 6, 14, 30]);
  failing = false;
  await vi.advanceTimersByTimeAsync(30_000);
  // By the minute's own clock, and by the retry; then only the minute is left.
  expect(tries.slice(5)).toEqual([60, 62]);
  failing = true;
  await vi.advanceTimersByTimeAsync(53_000);
  expect(tries.slice(7)).toEqual([120, 122]);
  await upkeep.stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(tries).toHaveLength(9);
});
