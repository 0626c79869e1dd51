import { open } from 'node:fs/promises';

/** Makes the names in a folder durable: files that were made, renamed or removed in it. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The same, where many ask at once: those who ask while a flush of the folder is under way share the
 * next one. A flush that had begun before the caller's change would say nothing about that change.
 */
export class SharedFlush {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();
  readonly #flush: (folder: string) => Promise<void>;

  constructor(flush: (folder: string) => Promise<void> = flushFolder) {
    this.#flush = flush;
  }

  flush(folder: string): Promise<void> {
    const waiting = this.#next.get(folder);
    if (waiting !== undefined) return waiting;
    const before = this.#running.get(folder) ?? Promise.resolve();
    const begin = () => {
      this.#next.delete(folder);
      this.#running.set(folder, work);
      return this.#flush(folder);
    };
    const work: Promise<void> = before.then(begin, begin).finally(() => {
      if (this.#running.get(folder) === work) this.#running.delete(folder);
    });
    this.#next.set(folder, work);
    return work;
  }
}
