import { expect, test } from 'vitest';
import { LOG, recordId } from '../disposal/certificate-scene.testing.ts';
import { cosigner, withSignatures } from '../log/cosignature.ts';
import { noteSigner } from '../log/signed-note.ts';
import { SampleError } from './sample-error.ts';
import { encodeSampleProof, type SampleProof } from './sample-proof.ts';
import { type Bent, CALLS, NONCE, provenSample, SAMPLE_ID } from './sample-scene.testing.ts';
import { verifySample } from './verify-sample.ts';

const { vkey } = LOG;
const codeOf = (
  proof: SampleProof | string,
  keys: Parameters<typeof verifySample>[1] = { vkey },
) => {
  try {
    verifySample(typeof proof === 'string' ? proof : encodeSampleProof(proof), keys);
    return 'accepted';
  } catch (error) {
    if (error instanceof SampleError) return error.code;
    throw error;
  }
};
const bentBy = async (bent: Bent) => codeOf(await provenSample(bent));

test('a sample proves with the log’s key, and no other’s, what was drawn and from what', async () => {
  const proof = await provenSample();
  const { statement, askedBy } = verifySample(encodeSampleProof(proof), { vkey });
  expect([statement.records.length, statement.sampleId, askedBy]).toEqual([
    ...[5, SAMPLE_ID, 'u-auditor'],
  ]);
  expect(codeOf(proof, {})).toBe('accepted');
  expect(codeOf(proof, { vkey: noteSigner(LOG.name, Buffer.alloc(32, 2)).vkey })).toBe(
    'SAMPLE_CHECKPOINT',
  );
  expect(codeOf(proof, { vkey: 'no key' })).toBe('SAMPLE_KEY');
});

test('a seed of any tree but the first that holds the request is refused', async () => {
  expect(await bentBy({ later: 1 })).toBe('SAMPLE_TREE');
  expect(await bentBy({ later: 3 })).toBe('SAMPLE_TREE');
  expect(await bentBy({ later: -1 })).toBe('SAMPLE_TREE');
});

test('another root under the size of the first tree is refused', async () => {
  const other = Buffer.alloc(32, 7).toString('base64');
  expect(await bentBy({ statement: ({ tree }) => void (tree.root = other) })).toBe('SAMPLE_TREE');
});

test('a nonce other than the one that was committed to is refused', async () => {
  expect(await bentBy({ nonce: Buffer.alloc(32, 8) })).toBe('SAMPLE_NONCE');
});

test('calls that the seed did not draw, or in another order, are refused', async () => {
  expect(await bentBy({ positions: [0, 1, 2, 3, 4] })).toBe('SAMPLE_DRAW');
  const { statement } = await provenSample();
  const positions = statement.records.map(({ position }) => position);
  expect(await bentBy({ positions: positions.toReversed() })).toBe('SAMPLE_DRAW');
  expect(await bentBy({ positions: positions.slice(0, 4) })).toBe('SAMPLE_DRAW');
});

test('a call that was put in the place of a drawn one is refused', async () => {
  expect(await bentBy({ calls: CALLS.toReversed() })).toBe('SAMPLE_POPULATION');
});

test('a sample that was drawn before it was asked for is refused', async () => {
  expect(await bentBy({ drawnFirst: true })).toBe('SAMPLE_CLAIM');
});

test('what the request’s entry says otherwise is refused', async () => {
  const lies: NonNullable<Bent['statement']>[] = [
    (one) => void (one.number = 2),
    (one) => void (one.engagementId = recordId(7)),
    (one) => void (one.calls = { ...one.calls, to: '2026-07-01' }),
    (one) => void (one.calls = { ...one.calls, tiers: ['basic'] }),
    (one) => void (one.population = { ...one.population, count: 61 }),
    (one) => void (one.commitment = 'a'.repeat(64)),
    (one) => void (one.size = 4),
  ];
  for (const statement of lies) expect(await bentBy({ statement })).toBe('SAMPLE_DIGEST');
});

test('of a call nothing is said that its entries do not say', async () => {
  const lies: NonNullable<Bent['statement']>[] = [
    ({ records: [one] }) => void (one && (one.manifest = { entry: 1, sha256: 'a'.repeat(64) })),
    ({ records: [one] }) => void (one && delete one.manifest),
    ({ records: [one] }) => void one?.entries.reverse(),
    ({ records: [one, other] }) => void (one && other && (one.entries = other.entries)),
  ];
  for (const statement of lies) expect(await bentBy({ statement })).toBe('SAMPLE_CLAIM');
});

test('no bit of a proof can be another one', async () => {
  const good = Buffer.from(encodeSampleProof(await provenSample()));
  const codes = new Set<string>();
  for (let at = 0; at < good.length; at += 97) {
    const bent = Buffer.from(good);
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 7));
    codes.add(codeOf(bent.toString('utf8')));
  }
  expect([...codes]).not.toContain('accepted');
});

test('each part of a proof that is another’s is refused by its own code', async () => {
  const good = await provenSample();
  const { ledger } = good;
  const other = Buffer.alloc(32, 7).toString('base64');
  const [first, ...rest] = ledger.entries;
  if (first === undefined) throw new TypeError('no entry');
  const swapped = [{ ...first, hashes: rest[0]?.hashes ?? [] }, ...rest];
  const bent: [Partial<SampleProof['ledger']>, string][] = [
    [{ consistency: [other, ...ledger.consistency.slice(1)] }, 'SAMPLE_TREE'],
    [{ certified: ledger.certified - 1 }, 'SAMPLE_CLAIM'],
    [{ entries: swapped }, 'SAMPLE_PROOF'],
    [{ entries: rest }, 'SAMPLE_CLAIM'],
    [{ verifierKey: noteSigner(LOG.name, Buffer.alloc(32, 2)).vkey }, 'SAMPLE_KEY'],
  ];
  for (const [change, code] of bent) {
    expect(codeOf({ ...good, ledger: { ...ledger, ...change } })).toBe(code);
  }
  const nonce = NONCE.toString('hex').replace('09', '08');
  expect(codeOf({ ...good, statement: { ...good.statement, nonce } })).toBe('SAMPLE_DIGEST');
  expect(codeOf(encodeSampleProof(good).replace('{', '{ '))).toBe('SAMPLE_FORMAT');
});

test('a witness that was asked for has to have countersigned', async () => {
  const good = await provenSample();
  const witness = cosigner('witness.test/a', Buffer.alloc(32, 8));
  const keys = { vkey, witnesses: [witness.vkey] };
  expect(codeOf(good, keys)).toBe('SAMPLE_CHECKPOINT');
  const text = `${good.ledger.checkpoint.split('\n\n')[0]}\n`;
  const line = witness.cosign(text, new Date('2026-11-28T01:00:00Z'));
  good.ledger.checkpoint = withSignatures(good.ledger.checkpoint, [line]);
  expect(codeOf(good, keys)).toBe('accepted');
});
