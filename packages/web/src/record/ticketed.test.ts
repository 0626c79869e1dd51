import { afterEach, expect, test, vi } from 'vitest';
import { ticketed } from './ticketed.ts';

afterEach(() => vi.unstubAllGlobals());

function archive() {
  const asked: { url: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    asked.push({ url, body: JSON.parse(body) });
    return new Response(JSON.stringify({ ticket: `t+${asked.length}`, expiresAt: '1999-01-01' }));
  });
  return asked;
}

test('an address is good for less than its ticket, by this machine’s clock alone', async () => {
  const asked = archive();
  let now = 1_000_000;
  const source = { url: '/m', stream: 'media', converted: false } as const;
  const address = ticketed('r1', source, () => now);
  expect(address.good()).toBe(false);
  expect(await address.renew()).toBe('/m?ticket=t%2B1');
  expect(asked).toEqual([{ url: '/api/v1/records/r1/ticket', body: { stream: 'media' } }]);
  now += 109_000;
  expect(address.good()).toBe(true);
  now += 2_000;
  expect(address.good()).toBe(false);
});

test('a picture that is converted while it plays is not begun again by a seek', async () => {
  archive();
  const source = { url: '/m/h264', stream: 'h264', converted: true } as const;
  const address = ticketed('r1', source, () => Number.MAX_SAFE_INTEGER);
  await address.renew();
  expect(address.good()).toBe(true);
});
