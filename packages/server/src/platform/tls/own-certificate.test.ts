import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownCertificate } from './own-certificate.ts';

const DAY_MS = 86_400_000;
const NAMES = ['localhost', '127.0.0.1', '::1'];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-tls-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function certificate(hostNames: string[], daysLater = 0, at = 'tls') {
  const now = new Date(Date.now() + daysLater * DAY_MS);
  return ownCertificate({
    folder: join(folder, at),
    keyFolder: join(folder, 'keys'),
    hostNames,
    clock: { now: () => now },
  });
}

test('the next start serves the same certificate, so that its fingerprint can be trusted', async () => {
  const first = await certificate(NAMES);
  expect((await certificate(NAMES)).fingerprint).toBe(first.fingerprint);
  expect((await certificate(NAMES, 360)).fingerprint).toBe(first.fingerprint);
});

test('a new one is made for a name that it lacks, and a month before it ends', async () => {
  const first = await certificate(NAMES);
  const named = await certificate([...NAMES, 'archive.example']);
  expect(named.fingerprint).not.toBe(first.fingerprint);
  const renewed = await certificate([...NAMES, 'archive.example'], 370);
  expect(renewed.fingerprint).not.toBe(named.fingerprint);
});

test('who trusts the archive trusts it again when its data folder was lost and its keys were not', async () => {
  const first = await certificate(NAMES);
  const trusted = new X509Certificate(await readFile(first.authorityFile));
  const again = await certificate(NAMES, 0, 'rebuilt');
  const served = new X509Certificate(again.chain);
  expect(served.verify(trusted.publicKey)).toBe(true);
  expect(served.issuer).toBe(trusted.subject);
  expect(served.checkPrivateKey(createPrivateKey(again.key))).toBe(true);
  // The old folder comes back: what it has of the keys that were renewed meanwhile is made anew.
  const old = await certificate(NAMES);
  const kept = new X509Certificate(old.chain);
  expect(kept.checkPrivateKey(createPrivateKey(old.key))).toBe(true);
  expect(kept.verify(trusted.publicKey)).toBe(true);
});
