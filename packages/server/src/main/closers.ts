/** Undoes what was opened, the last first; one failure does not stop the others. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];
  #closed = false;

  /** What is opened while the others are closed already is closed at once. */
  add(close: () => Promise<unknown>): void {
    if (this.#closed) void close().catch(() => undefined);
    else this.#closers.push(close);
  }

  async closeAll(): Promise<void> {
    this.#closed = true;
    for (const close of this.#closers.splice(0).reverse()) await close().catch(() => undefined);
  }
}
