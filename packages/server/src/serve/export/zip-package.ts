import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** One file of a package, as its index lists it. */
export interface PackedFile {
  name: string;
  sizeBytes: number;
  sha256: string;
}

const ZIP64_FROM_BYTES = 0xffff_ffff;
/** What is compressed already is only stored. */
const STORED = /\.(?:wav|flac|mp4|png|jpg|webp|bin)$/;

/**
 * A ZIP that streams: one file after the other, none held whole, SHA256SUMS last. Whoever reads
 * `output` sets the pace; when they go away, or a file fails, it breaks off and is no whole ZIP.
 */
export class ZipPackage {
  readonly output: Readable;
  readonly #zip = new ZipFile();
  readonly #at: Date;
  readonly #gone = new AbortController();
  readonly #sums: string[] = [];

  constructor(at: Date) {
    this.#at = at;
    this.output = this.#zip.outputStream as Readable;
    this.output.once('close', () => this.#gone.abort());
    this.#zip.on('error', (error: Error) => this.fail(error));
  }

  /** Resolves when the file's last byte is on its way. `sizeBytes` where it is known before. */
  async add(
    name: string,
    source: AsyncIterable<Uint8Array> | string,
    sizeBytes?: number,
  ): Promise<PackedFile> {
    const digest = createHash('sha256');
    let passed = 0;
    async function* counted() {
      for await (const chunk of typeof source === 'string' ? [Buffer.from(source)] : source) {
        digest.update(chunk);
        passed += chunk.length;
        yield chunk;
      }
    }
    const stream = Readable.from(counted(), { objectMode: false });
    this.#zip.addReadStream(stream, name, {
      ...{ mtime: this.#at, mode: 0o100600, compress: !STORED.test(name) },
      ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
      forceZip64Format: (sizeBytes ?? 0) >= ZIP64_FROM_BYTES,
    });
    try {
      await finished(stream, { signal: this.#gone.signal });
    } catch (error) {
      stream.destroy();
      throw error;
    }
    const sha256 = digest.digest('hex');
    this.#sums.push(`${sha256}  ${name}\n`);
    return { name, sizeBytes: passed, sha256 };
  }

  /** Adds SHA256SUMS, over every file but itself, and ends the ZIP. */
  async finish(): Promise<void> {
    await this.add('SHA256SUMS', this.#sums.join(''));
    this.#zip.end();
  }

  /** Breaks off: the reader's connection ends, so that nobody takes it for whole. */
  fail(error: Error): void {
    this.output.destroy(error);
  }
}
