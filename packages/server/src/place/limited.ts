import { setTimeout as wait } from 'node:timers/promises';
import type { SiteStore } from './ports.ts';

/**
 * The site with at most `atOnce` calls under way, and bytes, both ways together, at a pace; who asks
 * waits. A call counts until its last byte.
 */
export function limited(
  site: SiteStore,
  limits: { atOnce: number; bytesPerSecond?: number },
): SiteStore {
  const turn = new Turns(limits.atOnce);
  const pace = limits.bytesPerSecond === undefined ? undefined : new Pace(limits.bytesPerSecond);
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const end = await turn.begin();
    try {
      return await work();
    } finally {
      end();
    }
  };
  async function* paced(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    for await (const piece of source) {
      await pace?.let(piece.length);
      yield piece;
    }
  }
  return {
    name: site.name,
    put: (area, key, source, options) =>
      inTurn(() => site.put(area, key, pace === undefined ? source : paced(source), options)),
    async *get(area, key) {
      const end = await turn.begin();
      try {
        yield* paced(site.get(area, key));
      } finally {
        end();
      }
    },
    readRange: (area, key, offset, length) =>
      inTurn(async () => {
        const bytes = await site.readRange(area, key, offset, length);
        await pace?.let(bytes.length);
        return bytes;
      }),
    stat: (area, key) => inTurn(() => site.stat(area, key)),
    locks: (area) => site.locks(area),
    lock: (area, key, until) => inTurn(() => site.lock(area, key, until)),
    delete: (area, key) => inTurn(() => site.delete(area, key)),
    async *list(area, prefix) {
      const end = await turn.begin();
      try {
        yield* site.list(area, prefix);
      } finally {
        end();
      }
    },
    // Asked by whoever watches; waiting behind a full queue would look like a site that is away.
    health: () => site.health(),
  };
}

/** So many at a time, first come first served. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Resolves to what ends the turn. */
  async begin(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((done) => this.#waiting.push(done));
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }
}

/** Bytes at a rate; a second's worth may leave at once. */
class Pace {
  readonly #perSecond: number;
  #emptyAt = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  async let(bytes: number): Promise<void> {
    const now = performance.now();
    this.#emptyAt = Math.max(this.#emptyAt, now - 1000) + (bytes / this.#perSecond) * 1000;
    const waitMs = this.#emptyAt - now;
    if (waitMs > 0) await wait(waitMs);
  }
}
