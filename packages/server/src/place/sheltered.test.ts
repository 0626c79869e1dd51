import { beforeEach, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { MemorySite } from './memory-site.testing.ts';
import type { SiteStore } from './ports.ts';
import { sheltered } from './sheltered.ts';
import { placeError } from './site-set.ts';

const KEY = 'objects/aa/1.vko';
const clock = fixedClock(new Date('2026-11-01T00:00:00Z'));
let inner: MemorySite;
let site: SiteStore;

beforeEach(() => {
  inner = new MemorySite('cloud');
  site = sheltered(inner, { clock, random: { bytes: (size) => Buffer.alloc(size, 128) } });
});
const later = (ms: number) => clock.set(new Date(clock.now().getTime() + ms));
const away = () =>
  expect(site.stat('core', KEY)).rejects.toMatchObject({
    code: 'SITE_UNREACHABLE',
    retry: 'later',
  });

it('stops asking a site that is away, tries once after a while, and waits longer each time', async () => {
  inner.reachable = false;
  for (let n = 0; n < 5; n += 1) await away();
  expect(inner.asked).toBe(5);
  for (let n = 0; n < 20; n += 1) await away();
  expect(inner.asked).toBe(5);
  later(800);
  await Promise.all([away(), away(), away()]);
  expect(inner.asked).toBe(6);
  later(1000);
  await away();
  expect(inner.asked).toBe(6);
  later(700);
  await away();
  expect(inner.asked).toBe(7);
  for (let n = 0; n < 20; n += 1) {
    later(60_000);
    await away();
  }
  inner.reachable = true;
  later(60_000);
  expect(await site.stat('core', KEY)).toBeUndefined();
  expect(await site.stat('core', KEY)).toBeUndefined();
});

it('tries again at once when the clock was put back, which would keep it shut for an hour', async () => {
  inner.reachable = false;
  for (let n = 0; n < 5; n += 1) await away();
  inner.reachable = true;
  later(-3_600_000);
  expect(await site.stat('core', KEY)).toBeUndefined();
});

it('lets others in as soon as the call that tries has its first piece', async () => {
  await site.put('core', KEY, [Buffer.from('x')]);
  inner.reachable = false;
  for (let n = 0; n < 5; n += 1) await away();
  inner.reachable = true;
  later(2000);
  const pieces = site.get('core', KEY)[Symbol.asyncIterator]();
  await pieces.next();
  expect(await site.stat('core', KEY)).toBeDefined();
  await pieces.return?.();
});

it('takes what a site answers for a sign that it is there', async () => {
  for (let n = 0; n < 20; n += 1) {
    await expect(site.readRange('core', KEY, 0, 1)).rejects.toMatchObject({
      code: 'OBJECT_MISSING',
    });
  }
  expect(await site.stat('core', KEY)).toBeUndefined();
});

it('does not hold against a site that its neighbour was away', async () => {
  const neighbour = placeError('SITE_UNREACHABLE', 'branch does not answer');
  async function* source() {
    yield Buffer.from('x');
    throw neighbour;
  }
  for (let n = 0; n < 20; n += 1) {
    await expect(site.put('core', KEY, source())).rejects.toBe(neighbour);
  }
  await site.put('core', KEY, [Buffer.from('x')]);
});
