/** Bytes that have arrived and wait to fill a segment; hands them out again without copying. */
export class SegmentPieces {
  #pieces: Uint8Array[] = [];
  sizeBytes = 0;

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#pieces.push(chunk);
    this.sizeBytes += chunk.length;
  }

  /** The next `sizeBytes` bytes, in as many pieces as they came in. */
  take(sizeBytes: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    let missing = sizeBytes;
    let whole = 0;
    while (missing > 0) {
      const piece = this.#pieces[whole];
      if (piece === undefined) throw new RangeError('fewer bytes than asked for');
      if (piece.length <= missing) {
        taken.push(piece);
        whole += 1;
        missing -= piece.length;
      } else {
        taken.push(piece.subarray(0, missing));
        this.#pieces[whole] = piece.subarray(missing);
        missing = 0;
      }
    }
    this.#pieces.splice(0, whole);
    this.sizeBytes -= sizeBytes;
    return taken;
  }
}
