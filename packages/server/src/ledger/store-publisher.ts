import { ArchiveError } from '../core/errors.ts';
import { Alarm } from './alarm.ts';
import type { LedgerErrorCode, LedgerStore } from './ports.ts';
import type { PublishedTree, PublishTarget } from './publish-tree.ts';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;

interface PublisherEvents {
  /** What the site holds, checked against our tree. */
  admit(store: LedgerStore): Promise<number>;
  publish(store: LedgerStore, before: PublishedTree, target: PublishTarget): Promise<PublishedTree>;
  published(publisher: StorePublisher): void;
  failed(publisher: StorePublisher, error: unknown): void;
}

/** Brings one site to the newest tree, at that site's own pace, and catches up after a pause. */
export class StorePublisher {
  readonly store: LedgerStore;
  /** Entries in the tree whose checkpoint is durable there; undefined until looked at. */
  size: number | undefined;
  lastError: LedgerErrorCode | undefined;
  /** The last try did not get through. */
  failing = false;
  readonly #events: PublisherEvents;
  readonly #alarm = new Alarm();
  #target: PublishTarget | undefined;
  readonly #stopping = Promise.withResolvers<void>();
  /** What was written there last, by this process. */
  written: PublishTarget | undefined;
  #stopped = false;
  /** It has all entries below `size`, not only those that did not have to come back. */
  #whole = true;
  #paceMs = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(store: LedgerStore, events: PublisherEvents) {
    this.store = store;
    this.#events = events;
  }

  /**
   * Sets what the site is to hold, no sooner than `paceMs` after it was last written; an older target
   * that is under way is finished first.
   */
  aim(target: PublishTarget, paceMs = 0): void {
    this.#target = target;
    this.#paceMs = paceMs;
    this.#alarm.ring();
  }

  /** Writes the newest target once more: there is more to write below it. */
  again(): void {
    this.written = undefined;
    this.#alarm.ring();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopping.resolve();
    this.#alarm.ring();
  }

  /** Looks at the site once. Rejects as admitStore does. */
  async admit(): Promise<void> {
    if (this.size === undefined) this.size = await this.#events.admit(this.store);
  }

  async run(): Promise<void> {
    let pauseMs = FIRST_RETRY_MS;
    while (!this.#stopped) {
      try {
        await this.admit();
        const early = this.#writtenAt + this.#paceMs - performance.now();
        if (early > 0 && this.#target !== this.written) {
          await this.#alarm.sleep(early);
          continue;
        }
        await this.#publish();
        this.failing = false;
        this.lastError = undefined;
        pauseMs = FIRST_RETRY_MS;
        if (this.#target === undefined || this.#target === this.written) {
          await this.#alarm.sleep();
        }
      } catch (error) {
        if (this.#stopped) return;
        this.failing = true;
        // The site may come back with another disk: look again before writing.
        this.size = undefined;
        this.#whole = true;
        this.written = undefined;
        this.lastError =
          error instanceof ArchiveError ? (error.code as LedgerErrorCode) : 'LEDGER_UNAVAILABLE';
        this.#events.failed(this, error);
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LAST_RETRY_MS);
      }
    }
  }

  async #publish(): Promise<void> {
    const target = this.#target;
    if (target === undefined || target === this.written) return;
    // A site may hold more than the last target: another process led meanwhile.
    if (this.size !== undefined && target.size >= this.size) {
      const before = { size: this.size, whole: this.#whole };
      const { size, whole } = await this.#events.publish(this.store, before, target);
      this.size = size;
      this.#whole = whole;
    }
    this.written = target;
    this.#writtenAt = performance.now();
    this.failing = false;
    this.#events.published(this);
  }

  /** New targets do not shorten the pause after a failure; stopping does. */
  async #pause(forMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, forMs);
    });
    await Promise.race([over, this.#stopping.promise]);
    clearTimeout(timer);
  }
}

/** Whether the sites that are needed pass a test: the first one, and one other where there are more. */
export function neededPass(
  publishers: readonly StorePublisher[],
  test: (publisher: StorePublisher) => boolean,
): boolean {
  const [first, ...others] = publishers;
  if (first === undefined || !test(first)) return false;
  return others.length === 0 || others.some(test);
}
