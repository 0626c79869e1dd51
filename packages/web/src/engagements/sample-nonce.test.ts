import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { commitmentTo, isNonce, makeNonce } from './sample-nonce.ts';

test('a nonce is 32 bytes in hex, another one each time', () => {
  const made = Array.from({ length: 20 }, makeNonce);
  expect(made.every(isNonce)).toBe(true);
  expect(new Set(made).size).toBe(20);
  expect(isNonce(`${made[0]}0`)).toBe(false);
  expect(isNonce('G'.repeat(64))).toBe(false);
});

test('the commitment is SHA-256 of the bytes, as the server reckons it', async () => {
  for (const nonce of ['00'.repeat(32), 'ff'.repeat(32), makeNonce()]) {
    const bytes = Buffer.from(nonce, 'hex');
    expect(await commitmentTo(nonce)).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});
