/** Media may leave at this many times the speed at which it is heard; a player goes up to twice. */
export const MOST_SPEED = 4;
/** What is drawn at once and only then slowed: seconds of media, or bytes where those last longer. */
const ALLOWANCE_S = 90;
/**
 * Chromium fetches 4 MiB ahead of what it plays, however slowly it plays (measured; see
 * docs/decisions/0011). What it fetches by itself is nobody's haste.
 */
const ALLOWANCE_BYTES = 4.5 * 1024 * 1024;
/** Beyond the allowance, without a break: then it is told. */
const TOLD_AFTER_S = 15;

/** What the ledger is told of media that was drawn faster than it can be heard. */
export interface Haste {
  drawnS: number;
  wallS: number;
  allowanceS: number;
}

/** One answer while its bytes leave. */
export interface Draw {
  /**
   * Milliseconds to wait before these seconds may leave, and then to ask again; 0 when they may now,
   * and are counted.
   */
  delayMs(fromS: number, toS: number): number;
  /** How hasty the reading was, the first time it is too hasty in this session. */
  haste(): Haste | undefined;
  /** `whole` when the last byte left; what a listener broke off is a seek, not a copy. */
  close(whole: boolean): void;
}

/**
 * How much of one record one person has drawn, in seconds of media, over all of their sessions and
 * answers at once. A second counts once: to hear it again takes nothing new out of the archive.
 * Memory: a bit a second.
 */
export class Meter {
  readonly #nowMs: () => number;
  /** Seconds that may leave now; below zero by less than a piece. */
  #left: number | undefined;
  #allowanceS = ALLOWANCE_S;
  #atMs: number;
  #seen = new Uint8Array(16);
  readonly #told = new Set<string>();
  /** Since nothing was owed: when, what was drawn, and how much of that was not broken off. */
  #run = { sinceMs: 0, drawnS: 0, keptS: 0 };
  open = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#atMs = nowMs();
    this.#run.sinceMs = this.#atMs;
  }

  /** Begins an answer of this many bytes a second of media, for a session. */
  draw(sessionId: string, bytesASecond: number): Draw {
    this.#allowanceS = Math.max(ALLOWANCE_S, ALLOWANCE_BYTES / bytesASecond);
    this.#left ??= this.#allowanceS;
    this.open += 1;
    let own = { run: this.#run, keptS: 0 };
    let slowed = false;
    return {
      delayMs: (fromS, toS) => {
        const freshS = this.#fresh(fromS, toS);
        if (freshS === 0) return 0;
        const left = this.#refill();
        if (left <= 0) {
          slowed = true;
          return Math.ceil((-left / MOST_SPEED) * 1000) + 1;
        }
        this.#mark(fromS, toS);
        this.#left = left - freshS;
        if (own.run !== this.#run) own = { run: this.#run, keptS: 0 };
        own.keptS += freshS;
        this.#run.drawnS += freshS;
        this.#run.keptS += freshS;
        return 0;
      },
      haste: () => {
        const { sinceMs, drawnS, keptS } = this.#run;
        const allowanceS = this.#allowanceS;
        if (!slowed || keptS < allowanceS + TOLD_AFTER_S || this.#told.has(sessionId)) {
          return undefined;
        }
        this.#told.add(sessionId);
        return { drawnS, wallS: (this.#nowMs() - sinceMs) / 1000, allowanceS };
      },
      close: (whole) => {
        this.open -= 1;
        if (!whole) own.run.keptS -= own.keptS;
      },
    };
  }

  #refill(): number {
    const now = this.#nowMs();
    const gained = ((now - this.#atMs) / 1000) * MOST_SPEED;
    this.#atMs = now;
    const left = Math.min(this.#allowanceS, (this.#left ?? 0) + gained);
    if (left === this.#allowanceS) this.#run = { sinceMs: now, drawnS: 0, keptS: 0 };
    this.#left = left;
    return left;
  }

  #fresh(fromS: number, toS: number): number {
    let count = 0;
    for (let second = Math.floor(fromS); second < toS; second += 1) {
      if (((this.#seen[second >> 3] ?? 0) & (1 << (second & 7))) === 0) count += 1;
    }
    return count;
  }

  #mark(fromS: number, toS: number): void {
    const bytes = (Math.ceil(toS) >> 3) + 1;
    if (bytes > this.#seen.length) {
      const grown = new Uint8Array(Math.max(bytes, this.#seen.length * 2));
      grown.set(this.#seen);
      this.#seen = grown;
    }
    for (let second = Math.floor(fromS); second < toS; second += 1) {
      this.#seen[second >> 3] = (this.#seen[second >> 3] ?? 0) | (1 << (second & 7));
    }
  }
}

/** The meters of the people who listen now; beyond `most` the one that was used longest ago goes. */
export class Meters {
  readonly #meters = new Map<string, Meter>();
  readonly #nowMs: () => number;
  readonly #most: number;

  constructor(nowMs = () => performance.now(), most = 4000) {
    this.#nowMs = nowMs;
    this.#most = most;
  }

  of(actorId: string, recordId: string): Meter {
    const key = `${actorId} ${recordId}`;
    const meter = this.#meters.get(key) ?? new Meter(this.#nowMs);
    this.#meters.delete(key);
    this.#meters.set(key, meter);
    if (this.#meters.size > this.#most) {
      const idle = [...this.#meters].find(([name, one]) => one.open === 0 && name !== key);
      this.#meters.delete((idle ?? [...this.#meters][0] ?? [key])[0]);
    }
    return meter;
  }

  get size(): number {
    return this.#meters.size;
  }
}
