import { type FileHandle, open } from 'node:fs/promises';

const PIECE_BYTES = 1 << 18;

/** The file from its beginning to its end. Buffers are no larger than what there is to read. */
export async function* readInPieces(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let at = 0; at < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size - at));
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

const BATCH_BYTES = 1 << 20;
/** Below the kernel's limit of 1,024 pieces a call. */
const BATCH_PIECES = 500;

/** Every byte, in few calls; a call may write less than it was given. */
export async function writeAll(
  file: FileHandle,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  let total = 0;
  let batch: Uint8Array[] = [];
  let batchBytes = 0;
  const flush = async () => {
    while (batchBytes > 0) {
      let { bytesWritten } = await file.writev(batch);
      batchBytes -= bytesWritten;
      const whole = batch.findIndex((piece) => {
        if (piece.length > bytesWritten) return true;
        bytesWritten -= piece.length;
        return false;
      });
      batch = whole < 0 ? [] : batch.slice(whole);
      if (batch[0] !== undefined) batch[0] = batch[0].subarray(bytesWritten);
    }
    batch = [];
  };
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    batch.push(chunk);
    batchBytes += chunk.length;
    total += chunk.length;
    if (batchBytes >= BATCH_BYTES || batch.length >= BATCH_PIECES) await flush();
  }
  await flush();
  return total;
}
