import { hasCode } from '../core/errors.ts';
import { admitStore } from './admit-store.ts';
import { Alarm } from './alarm.ts';
import { ledgerError, unavailable } from './ledger-error.ts';
import { levelSites } from './level-sites.ts';
import type { LogKey } from './log-key.ts';
import { type LedgerStore, NO_WITNESSES } from './ports.ts';
import {
  notePublished,
  type PublishedTree,
  type PublishTarget,
  publishTree,
} from './publish-tree.ts';
import { indicesOf } from './read-entries.ts';
import { BATCH_ENTRIES, loadTree, type SignedTree, sequenceBatch } from './sequence-batch.ts';
import type { SequencerOptions } from './sequencer-port.ts';
import { neededPass, StorePublisher } from './store-publisher.ts';
import { succeedLog } from './succeed-log.ts';
import { Turns } from './turns.ts';
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

/** Who is told how far the log has come. */
interface Followers {
  waiters: Waiters;
  witnessing: Witnessing;
  /** The witnesses are still to be asked whether this log may go on under its name. */
  succession: { due: SequencerOptions['succession'] };
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
  readonly #log: LogKey;
  readonly #succession: Followers['succession'];
  readonly #waiters: Waiters;
  readonly #witnessing: Witnessing;
  #witnessed: { size: number; checkpoint: string } | undefined;
  #ended = false;
  #failure: unknown;
  /** Numbering and taking back lost entries both let the tree grow: one at a time. */
  readonly #turns = new Turns();
  #saving: Promise<unknown> | undefined;
  /** Checkpoints that were handed to the first site and are not known to be durable yet, by size. */
  readonly #handedOut = new Map<number, string>();
  #numberedAt = Number.NEGATIVE_INFINITY;

  private constructor(
    options: SequencerOptions,
    { waiters, witnessing, succession }: Followers,
    signed: SignedTree,
  ) {
    this.#options = options;
    this.#witnessing = witnessing;
    this.#log = { origin: options.origin, signingKey: options.signingKey };
    this.#succession = succession;
    this.#waiters = waiters;
    this.signed = signed;
    this.publishers = options.stores.map((store) => new StorePublisher(store, this.#events()));
  }

  /**
   * Rejects with LEDGER_STORE_FOREIGN, LEDGER_FORKED, LEDGER_DAMAGED; a silent site may wait, but not with a
   * successor that was asked for: then also with LEDGER_UNAVAILABLE, LEDGER_NOT_SUCCEEDED, LEDGER_RESTORING.
   */
  static async begin(options: SequencerOptions, followers: Followers): Promise<Leadership> {
    const signed = await loadTree(options.db, options, options.clock);
    const term = new Leadership(options, followers, signed);
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
    if (term.canNumber()) await term.#succeedFirst();
    else if (followers.succession.due === 'asked') {
      throw ledgerError('LEDGER_UNAVAILABLE', 'the needed sites have to be looked at first');
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
        const more = this.canNumber() && (await this.#turns.take(() => this.#numberOnce()));
        if (!more) await this.alarm.sleep(this.#options.pollMs ?? 250);
      } catch (error) {
        this.#failed(error, 'sequencer');
        this.#waiters.rejectAll(unavailable(error));
        if (hasCode(error, 'LEDGER_UNAVAILABLE')) break;
        await this.alarm.sleep(RETRY_MS);
      }
    }
    this.#witnessing.end();
    if (this.#failure === undefined) await levelSites(this.publishers);
    for (const one of this.publishers) one.stop();
    await Promise.all(publishing);
    await this.#saving;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #pace(): number {
    return this.#waiters.isEmpty ? PACE_MS : PACE_WAITED_FOR_MS;
  }

  /** The needed sites have been looked at, so nothing that was signed before is unknown. */
  canNumber(): boolean {
    return neededPass(this.publishers, (one) => one.size !== undefined);
  }

  /** The needed sites took what they were last given. */
  reachesSites(): boolean {
    return neededPass(this.publishers, (one) => !one.failing && one.size !== undefined);
  }

  /** Numbers one batch; true when there may be more. */
  async #numberOnce(): Promise<boolean> {
    const { db, clock } = this.#options;
    await this.#succeedFirst();
    const done = await sequenceBatch(db, clock, this.signed);
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

  /** Before anything is numbered, but once what the sites have more than the catalog has been taken back. */
  async #succeedFirst(): Promise<void> {
    const { witnesses = NO_WITNESSES, stores, onSuccession } = this.#options;
    const when = this.#succession.due;
    if (when === undefined) return;
    const why = { when, stores, asked: witnesses };
    const done = await succeedLog(this.#options, this.#log, this.signed, why);
    this.#succession.due = undefined;
    if (done === undefined) return;
    this.signed = done.signed;
    this.#witnessing.forget();
    this.behindSince ??= done.signed.signedAt;
    onSuccession?.(done.succession);
  }

  #events() {
    return {
      admit: (store: LedgerStore) =>
        this.#turns.take(async () => {
          const { db } = this.#options;
          const { size, ours } = await admitStore(db, this.#log, this.signed, store);
          if (ours.signer.name !== this.signed.signer.name) this.#witnessing.forget();
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

  #failed(error: unknown, where: string): void {
    this.lastError = error;
    this.#options.onError?.(error, where);
  }
}
