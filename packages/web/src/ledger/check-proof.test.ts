import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { LedgerEntryView, LedgerProofView } from '@voxkeep/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProof } from './check-proof.ts';

/** A log of its own, hashed in the plain words of RFC 6962, to check the browser's part against. */
const sha = (...parts: (Buffer | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const ORIGIN = 'voxkeep/test';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const rawKey = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const typedKey = Buffer.concat([Buffer.of(1), rawKey]);
const keyId = sha(`${ORIGIN}\n`, typedKey).subarray(0, 4);
const verifierKey = `${ORIGIN}+${keyId.toString('hex')}+${typedKey.toString('base64')}`;

const entryOf = (seq: number) => ({
  ...{ v: 1, seq, time: '2026-11-27T02:00:00.000Z', at: '2026-11-27T01:59:59.000Z' },
  ...{ actor: { id: `person-${seq}`, role: 'qa' }, action: 'record.play', outcome: 'ok' as const },
  resource: `record-${seq}`,
});
const leafOf = (seq: number) => sha(Buffer.of(0), JSON.stringify(entryOf(seq)));
const split = (count: number) => 2 ** Math.floor(Math.log2(count - 1));
function treeHash(from: number, to: number): Buffer {
  if (to - from === 1) return leafOf(from);
  const middle = from + split(to - from);
  return sha(Buffer.of(1), treeHash(from, middle), treeHash(middle, to));
}
function pathOf(index: number, from: number, to: number): Buffer[] {
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...pathOf(index, from, middle), treeHash(middle, to)]
    : [...pathOf(index, middle, to), treeHash(from, middle)];
}
function checkpointOf(size: number): string {
  const text = `${ORIGIN}\n${size}\n${treeHash(0, size).toString('base64')}\n`;
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n— ${ORIGIN} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}
function proofOf(index: number, size: number): LedgerProofView {
  return {
    ...{ index, size, entry: Buffer.from(JSON.stringify(entryOf(index))).toString('base64') },
    leafHash: leafOf(index).toString('base64'),
    hashes: pathOf(index, 0, size).map((hash) => hash.toString('base64')),
    ...{ checkpoint: checkpointOf(size), file: '' },
  };
}
const shownOf = (index: number): LedgerEntryView => {
  const { v: _, seq, ...rest } = entryOf(index);
  return { index: seq, ...rest };
};
const GOOD = { shown: 'good', included: 'good', signed: 'good' };

test('every entry of every tree verifies in the browser against its checkpoint', async () => {
  for (let size = 1; size <= 21; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const checks = await checkProof(shownOf(index), proofOf(index, size), verifierKey);
      expect(checks, `${index} of ${size}`).toMatchObject(GOOD);
    }
  }
});

test('a flipped bit anywhere in entry, path or checkpoint is found', async () => {
  const proof = proofOf(9, 21);
  const flip = (base64: string, bit: number) => {
    const bytes = Buffer.from(base64, 'base64');
    const at = Math.floor(bit / 8) % bytes.length;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
    return bytes.toString('base64');
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(4), async (bit, where) => {
      const hashes = proof.hashes.map((hash, at) => (at === where ? flip(hash, bit) : hash));
      const path = await checkProof(shownOf(9), { ...proof, hashes }, verifierKey);
      expect(path.included).toBe('bad');
      const entry = flip(proof.entry, bit);
      expect((await checkProof(shownOf(9), { ...proof, entry }, verifierKey)).included).toBe('bad');
      const root = proof.checkpoint.split('\n')[2] ?? '';
      const checkpoint = proof.checkpoint.replace(root, flip(root, bit));
      const note = await checkProof(shownOf(9), { ...proof, checkpoint }, verifierKey);
      expect(note).toMatchObject({ included: 'bad', signed: 'bad' });
    }),
    { numRuns: 60 },
  );
});

test('a path that is too short, too long or for another place is refused', async () => {
  const proof = proofOf(9, 21);
  for (const hashes of [
    proof.hashes.slice(1),
    proof.hashes.slice(0, -1),
    [...proof.hashes, proof.leafHash],
  ]) {
    expect((await checkProof(shownOf(9), { ...proof, hashes }, verifierKey)).included).toBe('bad');
  }
  const other = { ...proof, hashes: proofOf(8, 21).hashes };
  expect((await checkProof(shownOf(9), other, verifierKey)).included).toBe('bad');
});

test('what the page shows differently from the log is found', async () => {
  const proof = proofOf(3, 8);
  for (const change of [
    { action: 'record.view' },
    { outcome: 'refused' as const },
    { actor: { id: 'person-4', role: 'qa' } },
    { resource: 'record-4' },
    { time: '2026-11-27T02:00:01.000Z' },
  ]) {
    const checks = await checkProof({ ...shownOf(3), ...change }, proof, verifierKey);
    expect(checks.shown).toBe('bad');
  }
});

test('another key, or a verifier key whose id is not its own, signs nothing', async () => {
  const proof = proofOf(3, 8);
  const otherRaw = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  const typed = Buffer.concat([Buffer.of(1), otherRaw.subarray(-32)]);
  const id = sha(`${ORIGIN}\n`, typed).subarray(0, 4).toString('hex');
  const other = `${ORIGIN}+${id}+${typed.toString('base64')}`;
  const borrowed = `${ORIGIN}+${keyId.toString('hex')}+${typed.toString('base64')}`;
  for (const key of [other, borrowed, '', `${verifierKey}x`, verifierKey.replace(ORIGIN, 'x/y')]) {
    expect((await checkProof(shownOf(3), proof, key)).signed, key).toBe('bad');
  }
});
