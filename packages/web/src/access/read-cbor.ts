/** What a passkey's own data is made of: CBOR (RFC 8949) as CTAP2 writes it, lengths known. */
export type Cbor = number | string | Uint8Array | boolean | null | Cbor[] | CborMap;
export type CborMap = Map<number | string, Cbor>;

const DEEPEST = 8;

/** The first value in `bytes`; what follows it is left. Throws a RangeError when there is none. */
export function readCbor(bytes: Uint8Array): Cbor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function value(depth: number): Cbor {
    if (depth > DEEPEST) throw new RangeError('too deep');
    const head = view.getUint8(at++);
    const [major, short] = [head >> 5, head & 31];
    if (major === 7) return simple(short);
    const size = lengthOf(short);
    if (major === 0) return size;
    if (major === 1) return -1 - size;
    if (major === 2) return take(size);
    if (major === 3) return new TextDecoder('utf-8', { fatal: true }).decode(take(size));
    if (major === 4) return Array.from({ length: atMost(size) }, () => value(depth + 1));
    if (major === 5) return map(atMost(size), depth + 1);
    throw new RangeError('a tag');
  }
  function lengthOf(short: number): number {
    if (short < 24) return short;
    const width = { 24: 1, 25: 2, 26: 4 }[short];
    if (width === undefined) throw new RangeError('a length that is not known');
    at += width;
    if (width === 1) return view.getUint8(at - 1);
    return width === 2 ? view.getUint16(at - 2) : view.getUint32(at - 4);
  }
  function take(size: number): Uint8Array {
    if (at + size > bytes.length) throw new RangeError('cut off');
    at += size;
    return bytes.slice(at - size, at);
  }
  /** Every item takes a byte at least. */
  function atMost(size: number): number {
    if (at + size > bytes.length) throw new RangeError('cut off');
    return size;
  }
  function map(size: number, depth: number): CborMap {
    const found: CborMap = new Map();
    for (let n = 0; n < size; n += 1) {
      const key = value(depth);
      if (typeof key !== 'number' && typeof key !== 'string') throw new RangeError('a key');
      if (found.has(key)) throw new RangeError('a key twice');
      found.set(key, value(depth));
    }
    return found;
  }
  function simple(short: number): boolean | null {
    if (short === 20 || short === 21) return short === 21;
    if (short === 22) return null;
    throw new RangeError('a simple value');
  }

  return value(0);
}
