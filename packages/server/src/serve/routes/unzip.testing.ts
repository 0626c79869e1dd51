import { inflateRawSync } from 'node:zlib';
import { expect } from 'vitest';

export const textOf = (files: Map<string, Buffer>, name: string) => String(files.get(name));

/** A reader of ZIP by its central directory (APPNOTE 4.3), which no line of the writer helps. */
export function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end === -1) throw new Error('no end of a central directory');
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let entry = 0; entry < zip.readUInt16LE(end + 10); entry += 1) {
    const [method, packed, plain] = [10, 20, 24].map((offset) =>
      offset === 10 ? zip.readUInt16LE(at + 10) : zip.readUInt32LE(at + offset),
    ) as [number, number, number];
    const nameBytes = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(data, data + packed);
    const file = method === 8 ? inflateRawSync(bytes) : bytes;
    expect(file.length).toBe(plain);
    expect(files.has(name)).toBe(false);
    files.set(name, file);
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
