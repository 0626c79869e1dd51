import type { Actor, Audit } from '../../core/audit.ts';
import type { Db } from '../../core/database.ts';

/** What somebody reads of the log itself. */
export type LogPart = 'checkpoint' | 'tile' | 'entries' | 'state';

interface Window {
  reader: Actor;
  /** The entry that says that this reader reads. */
  begun: Promise<unknown>;
  counts: Partial<Record<LogPart, number>>;
  timer: NodeJS.Timeout;
}

export const WINDOW_MS = 10 * 60_000;

/**
 * Reads of the log on the log. One entry a tile would let the log grow while it is read, and a
 * follower would follow its own reading for ever. So a reader's first read is an entry before its
 * bytes leave; what else is read within ten minutes is counted, and the counts are one more entry
 * when they are over. A crash loses counts, never the fact.
 */
export class ReadTally {
  readonly #deps: { db: Db; audit: Audit };
  readonly #windows = new Map<string, Window>();

  constructor(deps: { db: Db; audit: Audit }) {
    this.#deps = deps;
  }

  /** Resolves when the reader's entry is committed. Rejects with LEDGER_UNAVAILABLE. */
  async note(reader: Actor, part: LogPart, requestId: string): Promise<void> {
    const known = this.#windows.get(reader.id);
    if (known !== undefined) {
      await known.begun;
      known.counts[part] = (known.counts[part] ?? 0) + 1;
      return;
    }
    const timer = setTimeout(() => void this.#end(reader.id).catch(() => undefined), WINDOW_MS);
    timer.unref();
    const begun = this.#append(reader, { part }, requestId);
    this.#windows.set(reader.id, { reader, begun, counts: {}, timer });
    try {
      await begun;
    } catch (error) {
      clearTimeout(timer);
      this.#windows.delete(reader.id);
      throw error;
    }
  }

  /** Writes what was counted so far. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#windows.keys()].map((id) => this.#end(id)));
  }

  async #end(readerId: string): Promise<void> {
    const window = this.#windows.get(readerId);
    if (window === undefined) return;
    this.#windows.delete(readerId);
    clearTimeout(window.timer);
    if (Object.keys(window.counts).length === 0) return;
    await this.#append(window.reader, window.counts, undefined);
  }

  #append(
    actor: Actor,
    detail: Record<string, string | number>,
    requestId: string | undefined,
  ): Promise<unknown> {
    const entry = { actor, action: 'ledger.read', outcome: 'ok' as const, detail };
    return this.#deps.db.transaction().execute((tx) =>
      this.#deps.audit.append(tx, {
        ...entry,
        ...(requestId === undefined ? {} : { requestId }),
      }),
    );
  }
}
