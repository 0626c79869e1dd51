/** What CBOR (RFC 8949) has to say for a passkey: integers, bytes, text, and maps in given order. */
export type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

/** Deterministic as RFC 8949, 4.2.1 asks, when a map's keys come sorted. */
export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([head(3, text.length), text]);
  }
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const members = [...value].flatMap(([key, member]) => [encodeCbor(key), encodeCbor(member)]);
  return Buffer.concat([head(5, value.size), ...members]);
}

function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.from([type | argument]);
  if (argument < 0x100) return Buffer.from([type | 24, argument]);
  const bytes = Buffer.alloc(argument < 0x10000 ? 3 : 5);
  if (bytes.length === 3) {
    bytes[0] = type | 25;
    bytes.writeUInt16BE(argument, 1);
  } else {
    bytes[0] = type | 26;
    bytes.writeUInt32BE(argument, 1);
  }
  return bytes;
}
