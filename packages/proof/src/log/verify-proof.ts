import { LogError } from './log-error.ts';
import { emptyRoot, HASH_BYTES, hashNode } from './tree-hash.ts';

/**
 * Returns when the proof shows that `leafHash` is entry `index` of the tree of `size` entries with
 * that root (RFC 9162, section 2.1.3.2); throws LOG_PROOF_BAD or LOG_RANGE_BAD otherwise.
 */
export function verifyInclusion(claim: {
  index: number;
  size: number;
  leafHash: Uint8Array;
  proof: readonly Uint8Array[];
  root: Uint8Array;
}): void {
  const { index, size, proof } = claim;
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw new LogError('LOG_RANGE_BAD', `entry ${index} is not in a tree of ${size}`);
  }
  checkLengths([claim.leafHash, claim.root, ...proof]);
  let node = index;
  let last = size - 1;
  let root: Uint8Array = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) throw bad('is too long');
    if (node % 2 === 1 || node === last) {
      root = hashNode(sibling, root);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      root = hashNode(root, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) throw bad('is too short');
  if (!same(root, claim.root)) throw bad('leads to another root');
}

/**
 * Returns when the proof shows that the newer tree continues the older one (RFC 9162, section
 * 2.1.4.2); throws LOG_PROOF_BAD or LOG_RANGE_BAD otherwise.
 */
export function verifyConsistency(claim: {
  fromSize: number;
  fromRoot: Uint8Array;
  toSize: number;
  toRoot: Uint8Array;
  proof: readonly Uint8Array[];
}): void {
  const { fromSize, toSize, fromRoot, toRoot, proof } = claim;
  if (!isCount(fromSize) || !isCount(toSize) || fromSize > toSize) {
    throw new LogError('LOG_RANGE_BAD', `a tree of ${toSize} does not continue one of ${fromSize}`);
  }
  checkLengths([fromRoot, toRoot, ...proof]);
  if (fromSize === 0 || fromSize === toSize) {
    if (proof.length > 0) throw bad('is too long');
    if (!same(fromRoot, fromSize === 0 ? emptyRoot() : toRoot)) throw bad('has another root');
    return;
  }
  let node = fromSize - 1;
  let last = toSize - 1;
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  const whole = node === 0;
  const [first, ...rest] = whole ? [fromRoot, ...proof] : proof;
  if (first === undefined) throw bad('is too short');
  let older: Uint8Array = first;
  let newer: Uint8Array = first;
  for (const sibling of rest) {
    if (last === 0) throw bad('is too long');
    if (node % 2 === 1 || node === last) {
      older = hashNode(sibling, older);
      newer = hashNode(sibling, newer);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newer = hashNode(newer, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) throw bad('is too short');
  if (!same(older, fromRoot)) throw bad('leads to another older root');
  if (!same(newer, toRoot)) throw bad('leads to another newer root');
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function checkLengths(hashes: readonly Uint8Array[]): void {
  if (hashes.some((one) => one.length !== HASH_BYTES)) throw bad('has a hash that is not 32 bytes');
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function bad(what: string): LogError {
  return new LogError('LOG_PROOF_BAD', `the proof ${what}`);
}
