import type { ArchiveError } from '../core/errors.ts';

/** Passes `source` on; throws `tooLarge()` at the chunk that goes beyond `mostBytes`. */
export async function* bounded(
  source: AsyncIterable<Uint8Array>,
  mostBytes: number,
  tooLarge: () => ArchiveError,
): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge();
    yield chunk;
  }
}

/** All bytes of a source that is small by nature; never holds more than `mostBytes`. */
export async function collect(
  source: AsyncIterable<Uint8Array>,
  mostBytes: number,
  tooLarge: () => ArchiveError,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bounded(source, mostBytes, tooLarge)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
