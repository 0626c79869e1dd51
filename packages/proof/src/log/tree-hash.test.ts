import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buildConsistencyProof,
  buildInclusionProof,
  nodesOfTiles,
  treeRoot,
} from './build-proof.ts';
import { GrowingTree } from './growing-tree.ts';
import { hasLogCode } from './log-error.ts';
import { hashLeaf } from './tree-hash.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

/** RFC 6962, section 2.1, word for word; shares nothing with the code under test. */
function naiveRoot(entries: readonly Buffer[]): Buffer {
  const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return sha256(Buffer.from([0]), entries[0] as Buffer);
  let k = 1;
  while (k << 1 < entries.length) k <<= 1;
  return sha256(Buffer.from([1]), naiveRoot(entries.slice(0, k)), naiveRoot(entries.slice(k)));
}

/** Inputs and roots of Certificate Transparency's reference implementation. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
INPUTS.push('606162636465666768696a6b6c6d6e6f');
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const entry = (index: number) => Buffer.from(`entry ${index}`);
const entries = (count: number) => Array.from({ length: count }, (_, index) => entry(index));

/** A tree and its newest tiles, as a log's storage would hold them. */
function grow(count: number, step = count) {
  const tree = new GrowingTree();
  const tiles = new Map<string, Buffer>();
  for (let at = 0; at < count; at += step) {
    const leaves = entries(Math.min(step, count - at)).map((_, offset) =>
      hashLeaf(entry(at + offset)),
    );
    for (const tile of tree.append(leaves)) tiles.set(`${tile.level}/${tile.index}`, tile.hashes);
  }
  const readTile = async (level: number, index: number) =>
    tiles.get(`${level}/${index}`) ?? Buffer.alloc(0);
  return { tree, readTile, nodes: nodesOfTiles(readTile) };
}

describe('the Merkle tree', () => {
  test('gives the published roots of the first eight trees', () => {
    const tree = new GrowingTree();
    expect(tree.root().toString('hex')).toBe(ROOTS[0]);
    for (const [at, input] of INPUTS.entries()) {
      tree.append([hashLeaf(Buffer.from(input, 'hex'))]);
      expect(tree.root().toString('hex')).toBe(ROOTS[at + 1]);
    }
  });

  test('gives the root of the definition at every size around tile borders', async () => {
    for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 513, 700]) {
      const { tree, nodes } = grow(size, 97);
      expect(tree.root()).toEqual(naiveRoot(entries(size)));
      expect(await treeRoot(size, nodes)).toEqual(tree.root());
    }
  });

  test('fills tiles of the third level', () => {
    const { tree, readTile } = grow(65_537, 9_973);
    const oneByOne = naiveRoot(entries(65_537));
    expect(tree.root()).toEqual(oneByOne);
    return expect(readTile(2, 0)).resolves.toHaveLength(32);
  });

  test('goes on from its stored tiles as if it had never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(700), fc.nat(400), async (before, more) => {
        const { readTile } = grow(before);
        const tree = await GrowingTree.resume(before, readTile);
        tree.append(entries(more).map((_, at) => hashLeaf(entry(before + at))));
        expect(tree.root()).toEqual(naiveRoot(entries(before + more)));
      }),
      { numRuns: 40 },
    );
  });

  test('does not go on from tiles that are too short', async () => {
    const { readTile } = grow(10);
    const error = await GrowingTree.resume(11, readTile).catch((reason: unknown) => reason);
    expect(hasLogCode(error, 'LOG_TILE_BAD')).toBe(true);
  });
});

describe('proofs', () => {
  const big = grow(1100);

  test('of inclusion hold for every entry and no other leaf, index, size or root', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1100 }), fc.nat(), async (size, pick) => {
        const index = pick % size;
        const root = await treeRoot(size, big.nodes);
        const proof = await buildInclusionProof(index, size, big.nodes);
        const claim = { index, size, leafHash: hashLeaf(entry(index)), proof, root };
        verifyInclusion(claim);
        refused(() => verifyInclusion({ ...claim, leafHash: hashLeaf(entry(index + 1)) }));
        refused(() => verifyInclusion({ ...claim, root: hashLeaf(root) }));
        refused(() => verifyInclusion({ ...claim, proof: [...proof, root] }));
        if (size > 1) {
          refused(() => verifyInclusion({ ...claim, proof: proof.slice(1) }));
          refused(() => verifyInclusion({ ...claim, proof: flip(proof, pick) }));
          refused(() => verifyInclusion({ ...claim, index: (index + 1) % size }));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('of consistency hold for every pair of sizes and no other roots', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1100), fc.nat(1100), fc.nat(), async (one, other, pick) => {
        const [fromSize, toSize] = one < other ? [one, other] : [other, one];
        const fromRoot = await treeRoot(fromSize, big.nodes);
        const toRoot = await treeRoot(toSize, big.nodes);
        const proof = await buildConsistencyProof(fromSize, toSize, big.nodes);
        const claim = { fromSize, toSize, fromRoot, toRoot, proof };
        verifyConsistency(claim);
        refused(() => verifyConsistency({ ...claim, fromRoot: hashLeaf(fromRoot) }));
        refused(() => verifyConsistency({ ...claim, proof: [...proof, toRoot] }));
        if (proof.length > 0) {
          refused(() => verifyConsistency({ ...claim, toRoot: hashLeaf(toRoot) }));
          refused(() => verifyConsistency({ ...claim, proof: flip(proof, pick) }));
          refused(() => verifyConsistency({ ...claim, proof: proof.slice(0, -1) }));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('are not built for what is outside the tree', async () => {
    for (const asked of [
      buildInclusionProof(5, 5, big.nodes),
      buildInclusionProof(-1, 5, big.nodes),
      buildConsistencyProof(6, 5, big.nodes),
      buildInclusionProof(0.5, 5, big.nodes),
    ]) {
      const error = await asked.catch((reason: unknown) => reason);
      expect(hasLogCode(error, 'LOG_RANGE_BAD')).toBe(true);
    }
  });
});

function flip(proof: readonly Buffer[], pick: number): Buffer[] {
  const at = pick % proof.length;
  return proof.map((hash, index) => {
    const copy = Buffer.from(hash);
    if (index === at) copy[pick % 32] = (copy[pick % 32] ?? 0) ^ (1 << (pick % 8));
    return copy;
  });
}

function refused(act: () => void): void {
  let error: unknown;
  try {
    act();
  } catch (reason) {
    error = reason;
  }
  expect(hasLogCode(error, 'LOG_PROOF_BAD')).toBe(true);
}
