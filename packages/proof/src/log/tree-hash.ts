import { createHash, hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** Hash of an entry (RFC 6962, section 2.1): SHA-256 of 0x00 and the entry. */
export function hashLeaf(entry: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(entry).digest();
}

/** Hash of an inner node (RFC 6962, section 2.1): SHA-256 of 0x01 and both children. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

/** Root of the tree without entries: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return hash('sha256', Buffer.alloc(0), 'buffer');
}

/**
 * Root over subtree hashes in order (RFC 6962, section 2.1): the left side holds the largest power
 * of two that leaves something for the right. Every subtree but the last has the same perfect size;
 * the last may be smaller.
 */
export function rootOfHashes(hashes: readonly Uint8Array[]): Buffer {
  const [first] = hashes;
  if (first === undefined) return emptyRoot();
  if (hashes.length === 1) return Buffer.from(first);
  const split = largestPowerBelow(hashes.length);
  return hashNode(rootOfHashes(hashes.slice(0, split)), rootOfHashes(hashes.slice(split)));
}

/** The largest power of two below `count`, which is at least 2. Safe beyond 32 bits. */
export function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
