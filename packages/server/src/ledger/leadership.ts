import type { NoteSigner } from '@voxkeep/proof';
import { ArchiveError, hasCode } from '../core/errors.ts';
import { admitStore } from './admit-store.ts';
import { Alarm } from './alarm.ts';
import { ledgerError } from './ledger-error.ts';
import type { LedgerStore } from './ports.ts';
import {
  notePublished,
  type PublishedTree,
  type PublishTarget,
  publishTree,
} from './publish-tree.ts';
import { indicesOf } from './read-entries.ts';
import { BATCH_ENTRIES, loadTree, type SignedTree, sequenceBatch } from './sequence-batch.ts';
import type { SequencerOptions } from './sequencer-port.ts';
import { StorePublisher } from './store-publisher.ts';
import type { Waiters } from './waiters.ts';
import type { Witnessing } from './witnessing.ts';

const RETRY_MS = 200;
/**
 * Checkpoints are at least this far apart while somebody waits for one, and while nobody does. Each
 * costs every site a handful of flushes, so those who come close together share one.
 */
const PACE_WAITED_FOR_MS = 30;
const PACE_MS = 300;
/** Sites that nobody waits for follow at this pace, within the second that is promised. */
const PACE_FOLLOWING_MS = 500;
const MOST_LEVELLING_MS = 2_000;

/** Who is told how far the log has come. */
interface Followers {
  waiters: Waiters;
  witnessing: Witnessing;
}

/** One term of the sequencer that leads: from taking the lock to losing it or stopping. */
export class Leadership {
  readonly alarm = new Alarm();
  readonly publishers: readonly StorePublisher[];
  signed: SignedTree;
  /** When the oldest entry that is not durable was signed. */
  behindSince: Date | undefined;
  lastError: unknown;
  readonly #options: SequencerOptions;
  readonly #signer: NoteSigner;
  readonly #waiters: Waiters;
  readonly #witnessing: Witnessing;
  #witnessed: { size: number; checkpoint: string } | undefined;
  #ended = false;
  #failure: unknown;
  /** Numbering and taking back lost entries both let the tree grow: one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #saving: Promise<unknown> | undefined;
  /** Checkpoints that were handed to the first site and are not known to be durable yet, by size. */
  readonly #handedOut = new Map<number, string>();
  #numberedAt = Number.NEGATIVE_INFINITY;

  private constructor(
    options: SequencerOptions,
    signer: NoteSigner,
    { waiters, witnessing }: Followers,
    signed: SignedTree,
  ) {
    this.#options = options;
    this.#witnessing = witnessing;
    this.#signer = signer;
    this.#waiters = waiters;
    this.signed = signed;
    this.publishers = options.stores.map((store) => new StorePublisher(store, this.#events()));
  }

  /** Rejects with LEDGER_STORE_FOREIGN, LEDGER_FORKED, LEDGER_DAMAGED; a silent site may wait. */
  static async begin(
    options: SequencerOptions,
    signer: NoteSigner,
    followers: Followers,
  ): Promise<Leadership> {
    const signed = await loadTree(options.db, signer, options.clock);
    const term = new Leadership(options, signer, followers, signed);
    for (const publisher of term.publishers) {
      try {
        await publisher.admit();
      } catch (error) {
        if (!hasCode(error, 'LEDGER_UNAVAILABLE')) throw error;
        publisher.failing = true;
        publisher.lastError = 'LEDGER_UNAVAILABLE';
        term.lastError = error;
      }
    }
    return term;
  }

  end(): void {
    this.#ended = true;
    this.#witnessing.end();
    this.alarm.ring();
  }

  /** All entries are back: sites that had only the newer ones become whole. */
  allBack(): void {
    for (const publisher of this.publishers) publisher.again();
  }

  /** Resolves when the term has ended; rejects with what makes going on wrong. */
  async run(): Promise<void> {
    this.publishers[0]?.aim(this.#target());
    const publishing = [
      ...this.publishers.map((one) => one.run()),
      this.#witnessing.run({
        witnessed: (tree) => this.#countersigned(tree),
        failed: (error, where) => this.#options.onError?.(error, where),
      }),
    ];
    while (!this.#ended) {
      try {
        const early = this.#numberedAt + this.#pace() - performance.now();
        if (early > 0) {
          await this.alarm.sleep(early);
          continue;
        }
        const more = this.canNumber() && (await this.#exclusive(() => this.#numberOnce()));
        if (!more) await this.alarm.sleep(this.#options.pollMs ?? 250);
      } catch (error) {
        this.#failed(error, 'sequencer');
        this.#waiters.rejectAll(unavailable(error));
        if (hasCode(error, 'LEDGER_UNAVAILABLE')) break;
        await this.alarm.sleep(RETRY_MS);
      }
    }
    this.#witnessing.end();
    if (this.#failure === undefined) await this.#levelSites();
    for (const one of this.publishers) one.stop();
    await Promise.all(publishing);
    await this.#saving;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** A site that follows at its own pace is not left behind by a stop: at rest all hold the same. */
  async #levelSites(): Promise<void> {
    const [first, ...others] = this.publishers;
    const target = first?.written;
    if (target === undefined) return;
    for (const one of others) one.aim(target);
    const level = () => others.every((one) => one.failing || one.written === target);
    for (let waitedMs = 0; !level() && waitedMs < MOST_LEVELLING_MS; waitedMs += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #pace(): number {
    return this.#waiters.isEmpty ? PACE_MS : PACE_WAITED_FOR_MS;
  }

  /** The needed sites have been looked at, so nothing that was signed before is unknown. */
  canNumber(): boolean {
    return this.#needed((one) => one.size !== undefined);
  }

  /** The needed sites took what they were last given. */
  reachesSites(): boolean {
    return this.#needed((one) => !one.failing && one.size !== undefined);
  }

  #needed(test: (publisher: StorePublisher) => boolean): boolean {
    const [first, ...others] = this.publishers;
    if (first === undefined || !test(first)) return false;
    return others.length === 0 || others.some(test);
  }

  /** Numbers one batch; true when there may be more. */
  async #numberOnce(): Promise<boolean> {
    const { db, clock } = this.#options;
    const done = await sequenceBatch(db, this.#signer, clock, this.signed);
    if (done !== undefined) {
      this.signed = done.signed;
      this.#numberedAt = performance.now();
      this.behindSince ??= done.signed.signedAt;
      const known = done.numbered.map((one) => [one.outboxId ?? '', one.entry.seq] as const);
      this.#waiters.numbered(new Map(known));
      this.publishers[0]?.aim(this.#target());
    }
    const unknown = this.#waiters.unknown();
    if (unknown.length > 0) this.#waiters.numbered(await indicesOf(db, unknown));
    return done?.numbered.length === BATCH_ENTRIES;
  }

  #events() {
    return {
      admit: (store: LedgerStore) =>
        this.#exclusive(async () => {
          const { db } = this.#options;
          const { size, ours } = await admitStore(db, this.#signer, this.signed, store);
          this.signed = ours;
          return size;
        }),
      publish: async (store: LedgerStore, before: PublishedTree, target: PublishTarget) => {
        // Others only get what the first one shows.
        if (store === this.#options.stores[0]) await notePublished(this.#options.db, target.size);
        return publishTree(this.#options.db, store, before, target);
      },
      published: (publisher: StorePublisher) => this.#published(publisher),
      failed: (publisher: StorePublisher, error: unknown) => {
        this.#failed(error, `site ${publisher.store.name}`);
        if (hasCode(error, 'LEDGER_FORKED')) {
          this.#failure = error;
          this.#waiters.rejectAll(error);
          this.end();
        } else if (!this.reachesSites()) {
          this.#waiters.rejectAll(unavailable(error));
        }
      },
    };
  }

  /** The first site leads, so that it never holds less than another one. */
  #published(publisher: StorePublisher): void {
    const [first, ...others] = this.publishers;
    if (publisher === first && publisher.written !== undefined) {
      const second = others.find((one) => !one.failing) ?? others[0];
      for (const other of others) {
        other.aim(publisher.written, other === second ? 0 : PACE_FOLLOWING_MS);
      }
    }
    if (this.reachesSites()) this.lastError = undefined;
    this.alarm.ring();
    const sizes = others.map((one) => one.size ?? 0);
    const atSites = Math.min(
      first?.size ?? 0,
      ...(others.length === 0 ? [] : [Math.max(...sizes)]),
    );
    const checkpoint = this.#handedOut.get(atSites);
    if (checkpoint !== undefined) this.#witnessing.aim({ size: atSites, checkpoint });
    this.#reached(this.#witnessing.required ? Math.min(atSites, this.#witnessing.size) : atSites);
  }

  /** What a quorum countersigned goes to the sites, with its cosignatures. */
  #countersigned(tree: { size: number; checkpoint: string }): void {
    this.#witnessed = tree;
    this.publishers[0]?.aim(this.#target());
    if (this.#witnessing.required) this.#reached(tree.size);
  }

  /** Entries below that size are as safe as they have to be. */
  #reached(durable: number): void {
    if (durable <= this.#waiters.durableSize) return;
    this.#waiters.durable(durable);
    this.behindSince = durable >= this.signed.tree.size ? undefined : this.#options.clock.now();
    this.#saving ??= this.#saveDurable().finally(() => {
      this.#saving = undefined;
    });
  }

  /** Tells other processes; they also find out later, so a failure is not worth more than a word. */
  async #saveDurable(): Promise<void> {
    const size = this.#waiters.durableSize;
    const checkpoint = this.#handedOut.get(size);
    for (const older of this.#handedOut.keys()) if (older < size) this.#handedOut.delete(older);
    try {
      await this.#options.db
        .updateTable('ledger_state')
        .set({ durable_size: size, ...(checkpoint && { durable_checkpoint: checkpoint }) })
        .where((is) =>
          is.or([is('durable_size', '<', String(size)), is('durable_checkpoint', 'is', null)]),
        )
        .execute();
    } catch (error) {
      this.#failed(error, 'durable size');
      return;
    }
    if (this.#waiters.durableSize > size) await this.#saveDurable();
  }

  #target(): PublishTarget {
    const { checkpoint, tree } = this.signed;
    this.#handedOut.set(tree.size, checkpoint);
    const witnessed = this.#witnessed;
    if (witnessed === undefined) return { size: tree.size, checkpoint };
    const same = witnessed.size === tree.size;
    const shown = same ? witnessed.checkpoint : checkpoint;
    return { size: tree.size, checkpoint: shown, witnessed: witnessed.checkpoint };
  }

  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #failed(error: unknown, where: string): void {
    this.lastError = error;
    this.#options.onError?.(error, where);
  }
}

function unavailable(cause: unknown) {
  if (cause instanceof ArchiveError && cause.code === 'LEDGER_FORKED') return cause;
  return ledgerError('LEDGER_UNAVAILABLE', 'the ledger cannot be written now', { cause });
}
