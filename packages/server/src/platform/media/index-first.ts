import type { OpenObject } from '../../record/vault.ts';

/** More boxes than this in front of the index is no file that a recorder writes. */
const MOST_BOXES = 64;

/**
 * True when an MP4's index (`moov`) comes before its samples, so that it can be read from a pipe.
 * ISO/IEC 14496-12, 4.2: boxes of a 32-bit size, a type, and a 64-bit size where the first says 1.
 */
export async function hasIndexFirst(source: OpenObject): Promise<boolean> {
  let at = 0;
  for (let box = 0; box < MOST_BOXES && at + 8 <= source.sizeBytes; box += 1) {
    const head = await source.readRange(at, Math.min(16, source.sizeBytes - at));
    const type = head.toString('latin1', 4, 8);
    if (type === 'moov') return true;
    if (type === 'mdat' || type === 'moof') return false;
    const short = head.readUInt32BE(0);
    const size = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short;
    if (size < 8) return false;
    at += size;
  }
  return false;
}
