import { LogError } from './log-error.ts';
import { TILE_WIDTH } from './tile-path.ts';

const MOST_ENTRY_BYTES = 65_535;

/** An entry bundle (C2SP tlog-tiles): each entry behind its length in two bytes, big-endian. */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > MOST_ENTRY_BYTES) {
      throw new LogError('LOG_ENTRY_TOO_LARGE', `an entry has ${entry.length} bytes`);
    }
    const length = Buffer.alloc(2);
    length.writeUInt16BE(entry.length);
    parts.push(length, entry);
  }
  return Buffer.concat(parts);
}

/**
 * The first `count` entries of a bundle, which may hold more (a client of an older checkpoint reads
 * the full one), never fewer. Throws LOG_TILE_BAD.
 */
export function decodeBundle(bytes: Uint8Array, count: number): Buffer[] {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Buffer[] = [];
  let offset = 0;
  while (offset < source.length) {
    if (entries.length === TILE_WIDTH) bad('has more than 256 entries');
    if (offset + 2 > source.length) bad('ends within a length');
    const length = source.readUInt16BE(offset);
    offset += 2;
    if (offset + length > source.length) bad('ends within an entry');
    entries.push(source.subarray(offset, offset + length));
    offset += length;
  }
  if (entries.length < count) bad(`has ${entries.length} entries, not ${count}`);
  return entries.slice(0, count);
}

function bad(what: string): never {
  throw new LogError('LOG_TILE_BAD', `an entry bundle ${what}`);
}
