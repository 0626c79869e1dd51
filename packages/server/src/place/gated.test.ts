import { beforeEach, expect, test } from 'vitest';
import { gated, type SiteGate } from './gated.ts';
import { MemorySite } from './memory-site.testing.ts';
import type { SiteStore } from './ports.ts';
import { placeError } from './site-set.ts';

let inner: MemorySite;
let store: SiteStore;
let gate: SiteGate;

beforeEach(() => {
  inner = new MemorySite('hq');
  ({ store, gate } = gated(inner));
});

const put = (area: 'basic' | 'journal' = 'basic') => store.put(area, 'a/b', [Buffer.from('x')]);
const read = async () => {
  for await (const _ of store.get('basic', 'a/b')) break;
};
const refused = { code: 'SITE_UNREACHABLE', retry: 'later' };

test('a shut gate refuses all of the pools at once, and lets ledger and journal pass', async () => {
  await put();
  gate.shut();
  for (const work of [
    put(),
    read(),
    store.stat('basic', 'a/b'),
    store.readRange('basic', 'a/b', 0, 1),
    store.delete('basic', 'a/b'),
  ]) {
    await expect(work).rejects.toMatchObject(refused);
  }
  await put('journal');
  expect(await gate.site.stat('basic', 'a/b')).toBeDefined();
  gate.open();
  await read();
});

test('a shut gate lets the deletion of what no row knows pass, and stays shut', async () => {
  await put();
  gate.shut();
  await store.delete('basic', 'a/b', { unnoted: true });
  expect(await gate.site.stat('basic', 'a/b')).toBeUndefined();
  await expect(put()).rejects.toMatchObject(refused);
});

test('nothing is deleted where the place is another’s', async () => {
  await put();
  gate.shut();
  inner.health = () => Promise.resolve({ reachable: false, reason: 'SITE_FOREIGN' });
  const deletion = store.delete('basic', 'a/b', { unnoted: true });
  await expect(deletion).rejects.toMatchObject(refused);
  expect(await gate.site.stat('basic', 'a/b')).toBeDefined();
});

test('shuts after five calls in a row that found the site away, and not after fewer', async () => {
  await put();
  inner.reachable = false;
  for (let call = 1; call <= 4; call += 1) await store.stat('basic', 'a/b').catch(() => undefined);
  inner.reachable = true;
  await store.stat('basic', 'a/b');
  inner.reachable = false;
  for (let call = 1; call <= 5; call += 1) {
    expect(gate.isShut).toBe(false);
    await store.stat('basic', 'a/b').catch(() => undefined);
  }
  inner.reachable = true;
  expect(gate.isShut).toBe(true);
  await expect(read()).rejects.toMatchObject(refused);
});

test('shuts at the first deletion that the site misses, and where the place is another’s', async () => {
  await put();
  inner.reachable = false;
  await store.delete('basic', 'a/b').catch(() => undefined);
  expect(gate.isShut).toBe(true);
  inner.reachable = true;
  gate.open();
  inner.stat = () => Promise.reject(placeError('SITE_FOREIGN', 'of another archive'));
  await store.stat('basic', 'a/b').catch(() => undefined);
  expect(gate.isShut).toBe(true);
});

test('what fails because of another site does not shut this one', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('x');
    throw placeError('SITE_UNREACHABLE', 'another site is away');
  }
  for (let call = 1; call <= 6; call += 1) {
    await store.put('basic', 'a/b', broken()).catch(() => undefined);
  }
  expect(gate.isShut).toBe(false);
});
