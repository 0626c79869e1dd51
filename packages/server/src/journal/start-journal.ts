import type pg from 'pg';
import { ARCHIVE_ACTOR, type Audit } from '../core/audit.ts';
import { fillGaps } from './fill-gaps.ts';
import { type JournalWriter, type WrittenSegment, writeSegment } from './write-segment.ts';

/** Any two constants: one process writes the journal of a database. */
const WRITER_LOCK = [7_320_114, 75];
const HEAD_EVERY_MS = 5 * 60_000;
const GAPS_EVERY_MS = 10_000;
const LAST_RETRY_MS = 30_000;

export interface Journal {
  /** This process writes it; false while another one does. */
  leads(): boolean;
  /** Resolves when all that was committed before the call is at enough sites. */
  flush(): Promise<void>;
  /** Writes what waits, and lets another process go on. */
  stop(): Promise<void>;
}

/**
 * Keeps the journal at the sites within `everyMs` of the catalog, in one process of those over a
 * database. The newest segment's digest goes on the ledger every few minutes, so that a site that holds
 * less than it was given is found out.
 */
export function startJournal(
  options: JournalWriter & {
    pool: pg.Pool;
    audit: Audit;
    everyMs: number;
    onError(error: unknown): void;
  },
): Journal {
  const service = new JournalService(options);
  service.start();
  return service;
}

type Options = Parameters<typeof startJournal>[0];

class JournalService implements Journal {
  readonly #options: Options;
  readonly #stop = new AbortController();
  #client: pg.PoolClient | undefined;
  #work: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #head: WrittenSegment | undefined;
  #headAt = performance.now();
  /** At once at first: a stop may have come before a site had all of it. */
  #gapsAt = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#work = this.#run();
  }

  leads(): boolean {
    return this.#client !== undefined;
  }

  async flush(): Promise<void> {
    await this.#exclusive(async () => {
      if (await this.#leads()) await this.#writeAll();
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#work;
    try {
      await this.flush();
      await this.#noteHead();
    } catch (error) {
      // What waits stays in the catalog, and goes at the next start.
      this.#options.onError(error);
    } finally {
      await this.#giveLockBack();
    }
  }

  async #run(): Promise<void> {
    let pauseMs = this.#options.everyMs;
    while (!this.#stop.signal.aborted) {
      try {
        await this.flush();
        if (performance.now() - this.#headAt > HEAD_EVERY_MS) await this.#noteHead();
        await this.#fillGaps();
        pauseMs = this.#options.everyMs;
      } catch (error) {
        this.#options.onError(error);
        pauseMs = Math.min(LAST_RETRY_MS, pauseMs * 2);
      }
      if (this.#stop.signal.aborted) break;
      await new Promise<void>((done) => {
        this.#wake = done;
        setTimeout(done, pauseMs).unref();
      });
    }
  }

  async #fillGaps(): Promise<void> {
    if (this.#client === undefined || performance.now() - this.#gapsAt < GAPS_EVERY_MS) return;
    const { db, stores } = this.#options;
    // While there are more, the next turn goes on with them.
    if ((await fillGaps(db, stores)) === 0) this.#gapsAt = performance.now();
  }

  async #writeAll(): Promise<void> {
    for (let more = true; more; ) {
      const written = await writeSegment(this.#options);
      if (written !== undefined) this.#head = written;
      more = written?.more ?? false;
    }
  }

  /** The ledger says how far the journal has come, and what its newest segment is. */
  async #noteHead(): Promise<void> {
    this.#headAt = performance.now();
    const head = this.#head;
    if (head === undefined) return;
    const { db, audit } = this.#options;
    const { timeline, number, sha256 } = head;
    await db.transaction().execute((tx) =>
      audit.append(tx, {
        ...{ actor: ARCHIVE_ACTOR, action: 'journal.segment', outcome: 'ok' },
        detail: { timeline, number, sha256: sha256.toString('hex') },
      }),
    );
    if (this.#head === head) this.#head = undefined;
  }

  /** One process at a time, by a lock that ends with its connection. */
  async #leads(): Promise<boolean> {
    if (this.#client !== undefined) return true;
    const client = await this.#options.pool.connect();
    const answer = await client
      .query('select pg_try_advisory_lock($1, $2) as mine', WRITER_LOCK)
      .catch((error: unknown) => {
        client.release(true);
        throw error;
      });
    if (answer.rows[0]?.mine !== true) {
      client.release();
      return false;
    }
    const lost = () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      client.release(true);
    };
    client.once('error', lost);
    client.once('end', lost);
    this.#client = client;
    return true;
  }

  async #giveLockBack(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    await client.query('select pg_advisory_unlock($1, $2)', WRITER_LOCK).catch(() => undefined);
    client.release(true);
  }

  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
