import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import type { ProbeErrorCode } from '../../probe/ports.ts';
import type { OpenObject } from '../../record/vault.ts';

const TMPFS = '/dev/shm';

interface Held {
  file: Promise<FileHandle>;
  users: number;
}

/**
 * Files in memory that have no name any more: seekable, never on a disk, and gone with the process.
 * Two readers of one source share one file; together the files stay within `mostBytes`, and who
 * comes too early waits.
 */
export class NamelessFiles {
  readonly #mostBytes: number;
  readonly #held = new Map<OpenObject, Held>();
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  fits(source: OpenObject): boolean {
    return source.sizeBytes <= this.#mostBytes;
  }

  /** The source's bytes as a file, while `use` runs. Rejects with MEDIA_MEMORY_FULL, to be tried later. */
  async *lend<T>(
    source: OpenObject,
    use: (file: FileHandle) => AsyncIterable<T>,
  ): AsyncIterable<T> {
    const held = await this.#take(source);
    try {
      yield* use(await held.file);
    } finally {
      held.users -= 1;
      if (held.users === 0) await this.#drop(source, held);
    }
  }

  async #take(source: OpenObject): Promise<Held> {
    for (;;) {
      const held = this.#held.get(source);
      if (held !== undefined) {
        held.users += 1;
        return held;
      }
      if (this.#bytes + source.sizeBytes <= this.#mostBytes) break;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#bytes += source.sizeBytes;
    const held: Held = { file: fill(source), users: 1 };
    this.#held.set(source, held);
    return held;
  }

  async #drop(source: OpenObject, held: Held): Promise<void> {
    this.#held.delete(source);
    await held.file.then((file) => file.close()).catch(() => undefined);
    this.#bytes -= source.sizeBytes;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

async function fill(source: OpenObject): Promise<FileHandle> {
  const path = join(TMPFS, `voxkeep-${process.pid}-${crypto.randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
    for await (const chunk of source.stream()) await file.writeFile(chunk);
    // The child that reads it is somebody else. Without a name, nobody but its heirs can open it.
    await file.chmod(0o444);
    return file;
  } catch (error) {
    await file.close();
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    const message = `${TMPFS} has no room for ${source.sizeBytes} bytes`;
    throw new ArchiveError<ProbeErrorCode>('MEDIA_MEMORY_FULL', message, { retry: 'later' });
  }
}
