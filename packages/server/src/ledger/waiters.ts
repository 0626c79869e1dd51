import { ledgerError } from './ledger-error.ts';

interface Waiter {
  /** Undefined for one that waits for a size. */
  outboxId: string | undefined;
  index: number | undefined;
  settle(outcome: { index: number } | { error: unknown }): void;
}

/** Those who wait for an entry, or for a whole tree, to be durable. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();
  readonly #waitMs: number;
  #durableSize = 0;

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  /** Entries below are durable at the needed sites, as far as this process knows. */
  get durableSize(): number {
    return this.#durableSize;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  entry(outboxId: string): Promise<{ index: number }> {
    return this.#add(outboxId, undefined);
  }

  async size(size: number): Promise<void> {
    if (size > this.#durableSize) await this.#add(undefined, size - 1);
  }

  /** Outbox ids whose index nobody has told yet. */
  unknown(): string[] {
    return [...this.#waiting].flatMap((one) =>
      one.outboxId !== undefined && one.index === undefined ? [one.outboxId] : [],
    );
  }

  /** Tells which index each entry was given. */
  numbered(indices: ReadonlyMap<string, number>): void {
    for (const one of this.#waiting) {
      if (one.outboxId === undefined || one.index !== undefined) continue;
      one.index = indices.get(one.outboxId);
      this.#check(one);
    }
  }

  durable(size: number): void {
    this.#durableSize = Math.max(this.#durableSize, size);
    for (const one of this.#waiting) this.#check(one);
  }

  rejectAll(error: unknown): void {
    for (const one of this.#waiting) one.settle({ error });
  }

  #check(waiter: Waiter): void {
    const { index } = waiter;
    if (index !== undefined && index < this.#durableSize) waiter.settle({ index });
  }

  #add(outboxId: string | undefined, index: number | undefined): Promise<{ index: number }> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        outboxId,
        index,
        settle: (outcome) => {
          clearTimeout(timer);
          this.#waiting.delete(waiter);
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome);
        },
      };
      const late = () =>
        waiter.settle({ error: ledgerError('LEDGER_UNAVAILABLE', 'the entry is not durable yet') });
      const timer = setTimeout(late, this.#waitMs);
      this.#waiting.add(waiter);
    });
  }
}
