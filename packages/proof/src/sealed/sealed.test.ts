import { createCipheriv } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sealedAssociatedData } from './associated-data.ts';
import { plainSize, type SealedFormat, STANDARD, sealedSize } from './format.ts';
import { openRange } from './open-range.ts';
import { openStream } from './open-stream.ts';
import { sealStream } from './seal-stream.ts';
import { SealedError } from './sealed-error.ts';

const SMALL: SealedFormat = { segmentBytes: 128, derivedKeyBytes: 32, hash: 'sha256' };
const KEY = Buffer.alloc(32, 7);
const AD = Buffer.from('bound to this');

interface Vector {
  segmentSizeBytes: number;
  derivedKeySizeBytes: 16 | 32;
  hkdfHash: string;
  keyHex: string;
  aadHex: string;
  plaintextHex: string;
  ciphertextHex: string;
}

function vectors(): Vector[] | undefined {
  const root = resolve(import.meta.dirname, '../../../..');
  const folder = resolve(root, process.env['VOXKEEP_SHARED'] ?? '../shared');
  const file = resolve(folder, 'vectors/aes-gcm-hkdf-streaming.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).vectors;
  if (process.env['CI'] === 'true') throw new Error(`known answers are missing: ${file}`);
  return undefined;
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function* inChunks(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const seal = (plain: Buffer, format = SMALL, chunk = 50) =>
  collect(sealStream(KEY, AD, { format })(inChunks(plain, chunk)));
const open = (sealed: Buffer, sealedBytes?: number, format = SMALL, ad: Uint8Array = AD) =>
  collect(
    openStream(
      KEY,
      ad,
      sealedBytes === undefined ? { format } : { format, sealedBytes },
    )(inChunks(sealed, 61)),
  );
const range = (sealed: Buffer, offset: number, length: number, size = sealed.length) =>
  openRange(KEY, AD, async (at, n) => sealed.subarray(at, at + n), size, offset, length, SMALL);

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SealedError) return error.code;
    throw error;
  }
  return 'accepted';
}

const pattern = (size: number) => Buffer.from(Array.from({ length: size }, (_, i) => i % 251));

describe('known answers', () => {
  const known = vectors();
  test.skipIf(known === undefined)(
    'Tink\u2019s known answers seal and open to the byte',
    async () => {
      for (const one of known ?? []) {
        const format: SealedFormat = {
          segmentBytes: one.segmentSizeBytes,
          derivedKeyBytes: one.derivedKeySizeBytes,
          hash: one.hkdfHash.toLowerCase() as SealedFormat['hash'],
        };
        const key = Buffer.from(one.keyHex, 'hex');
        const ad = Buffer.from(one.aadHex, 'hex');
        const plain = Buffer.from(one.plaintextHex, 'hex');
        const sealed = Buffer.from(one.ciphertextHex, 'hex');
        const header = sealed.subarray(0, sealed[0]);
        const made = await collect(sealStream(key, ad, { format, header })([plain]));
        expect(made.toString('hex')).toBe(one.ciphertextHex);
        const opened = await collect(openStream(key, ad, { format })(inChunks(sealed, 7)));
        expect(opened).toEqual(plain);
        expect(sealedSize(plain.length, format)).toBe(sealed.length);
      }
      expect(known?.length).toBeGreaterThan(0);
    },
  );
});

describe('sealing', () => {
  test('any bytes in any chunks come back the same, whole and by range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 700 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat(700),
        fc.nat(700),
        async (bytes, chunk, offset, length) => {
          const plain = Buffer.from(bytes);
          const sealed = await seal(plain, SMALL, chunk);
          expect(sealed.length).toBe(sealedSize(plain.length, SMALL));
          expect(plainSize(sealed.length, SMALL)).toBe(plain.length);
          expect(await open(sealed, sealed.length)).toEqual(plain);
          const from = Math.min(offset, plain.length);
          const part = await range(sealed, from, length);
          expect(part).toEqual(plain.subarray(from, from + length));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('sizes at each segment border are exact in the format that is written', async () => {
    for (const size of [0, 1, 65_480, 65_481, 131_000, 131_001]) {
      const sealed = await seal(pattern(size), STANDARD, 65_536);
      expect(sealed.length).toBe(sealedSize(size));
      expect((await open(sealed, sealed.length, STANDARD)).length).toBe(size);
    }
  });
});

describe('refusal', () => {
  const plain = pattern(400);

  test('every flipped bit of an object is refused with its code', async () => {
    const sealed = await seal(plain);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const bad = Buffer.from(sealed);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const expected = bit < 8 ? 'SEALED_HEADER_BAD' : 'SEALED_TAMPERED';
      expect(await codeOf(open(bad)), `bit ${bit}`).toBe(expected);
      if (bit % 29 === 0) expect(await codeOf(range(bad, 0, 400))).toBe(expected);
    }
  });

  test('every truncation is refused: with the known size as truncated', async () => {
    const sealed = await seal(plain);
    for (let size = 0; size < sealed.length; size += 1) {
      const cut = sealed.subarray(0, size);
      expect(await codeOf(open(cut, sealed.length)), `size ${size}`).toBe('SEALED_TRUNCATED');
      expect(await codeOf(range(cut, 0, 400, sealed.length))).toBe('SEALED_TRUNCATED');
      const unknown = await codeOf(open(cut));
      expect(['SEALED_TRUNCATED', 'SEALED_TAMPERED']).toContain(unknown);
    }
  });

  test('a cut at a segment border is truncation even when the size is forged', async () => {
    const sealed = await seal(plain);
    const cut = sealed.subarray(0, 2 * SMALL.segmentBytes);
    expect(await codeOf(open(cut, cut.length))).toBe('SEALED_TRUNCATED');
    expect(await codeOf(range(cut, 100, 50))).toBe('SEALED_TRUNCATED');
  });

  test('added bytes are refused as tampering', async () => {
    const sealed = await seal(plain);
    for (const extra of [1, 16, 128]) {
      const longer = Buffer.concat([sealed, Buffer.alloc(extra)]);
      expect(await codeOf(open(longer))).toBe('SEALED_TAMPERED');
      expect(await codeOf(open(longer, sealed.length))).toBe('SEALED_TAMPERED');
    }
  });

  test('swapped, repeated and dropped segments are refused as tampering', async () => {
    const sealed = await seal(plain);
    const part = (n: number) => sealed.subarray(n * 128, (n + 1) * 128);
    const rest = sealed.subarray(3 * 128);
    const swapped = Buffer.concat([part(0), part(2), part(1), rest]);
    const repeated = Buffer.concat([part(0), part(1), part(1), part(2), rest]);
    const dropped = Buffer.concat([part(0), part(2), rest]);
    for (const bad of [swapped, repeated, dropped]) {
      expect(await codeOf(open(bad))).toBe('SEALED_TAMPERED');
    }
  });

  test('another record, object, version or pool does not open it', async () => {
    const identity = {
      recordId: '018f0000-0000-7000-8000-000000000001',
      objectId: '018f0000-0000-7000-8000-000000000002',
      version: 1,
      pool: 'core',
    };
    const ad = sealedAssociatedData(identity);
    const sealed = await collect(sealStream(KEY, ad, { format: SMALL })([plain]));
    expect(await open(sealed, sealed.length, SMALL, ad)).toEqual(plain);
    const others = [
      { ...identity, recordId: identity.objectId },
      { ...identity, objectId: identity.recordId },
      { ...identity, version: 2 },
      { ...identity, pool: 'basic' },
    ];
    for (const other of others) {
      const wrong = sealedAssociatedData(other);
      expect(await codeOf(open(sealed, sealed.length, SMALL, wrong))).toBe('SEALED_TAMPERED');
    }
  });

  test('plain bytes of a refused segment are never released', async () => {
    const sealed = await seal(plain);
    sealed[200] = (sealed[200] ?? 0) ^ 1;
    const seen: Uint8Array[] = [];
    const reading = async () => {
      for await (const chunk of openStream(KEY, AD, { format: SMALL })([sealed])) seen.push(chunk);
    };
    expect(await codeOf(reading())).toBe('SEALED_TAMPERED');
    expect(Buffer.concat(seen)).toEqual(plain.subarray(0, 72));
  });
});

test('a caller may zero the data key once the stage is made', async () => {
  const key = Buffer.alloc(32, 9);
  const stage = sealStream(key, AD);
  const opening = openStream(key, AD);
  key.fill(0);
  const sealed = await collect(stage([pattern(1000)]));
  expect(await collect(opening([sealed]))).toEqual(pattern(1000));
});

test('sealing and opening take less than twice what the cipher alone takes, and their pace is printed', async () => {
  const chunk = Buffer.alloc(1 << 20, 1);
  const total = 256;
  const source = function* () {
    for (let i = 0; i < total; i += 1) yield chunk;
  };
  /** What the work takes of a core, in gigabytes a second; other work on the machine counts little. */
  const pace = async (what: string, work: () => unknown) => {
    const before = process.cpuUsage();
    await work();
    const used = process.cpuUsage(before);
    const core = (total * chunk.length) / 1e3 / (used.user + used.system);
    console.log(`${what}: ${core.toFixed(2)} GB per core second`);
    return core;
  };
  const through = async (pieces: AsyncIterable<Uint8Array>) => {
    for await (const _ of pieces) void _;
  };
  await through(sealStream(KEY, AD)([chunk, chunk]));
  const plain = await pace('aes-256-gcm', () => {
    for (const piece of source()) {
      const cipher = createCipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12));
      for (let at = 0; at < piece.length; at += 65_536)
        cipher.update(piece.subarray(at, at + 65_536));
      cipher.final();
    }
  });
  const sealing = await pace('sealStream', () => through(sealStream(KEY, AD)(source())));
  const one = await collect(sealStream(KEY, AD)(source()));
  const sealed = inChunks(one, 1 << 20);
  const opening = await pace('openStream', () =>
    through(openStream(KEY, AD, { sealedBytes: one.length })(sealed)),
  );
  for (const core of [sealing, opening]) {
    expect(core).toBeGreaterThan(0.2);
    expect(core).toBeGreaterThan(plain / 2);
  }
});
