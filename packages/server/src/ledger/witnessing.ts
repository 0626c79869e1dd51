import { withSignatures } from '@voxkeep/proof';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import { Alarm } from './alarm.ts';
import { askWitness, type Cosigned } from './ask-witness.ts';
import type { Witness, WitnessErrorCode, Witnesses } from './ports.ts';
import type { PublishTarget } from './publish-tree.ts';
import { consistencyProof } from './read-entries.ts';
import type { WitnessingHealth } from './sequencer-port.ts';

/** Rounds are at least this far apart, but where answers wait for them. */
const PACE_MS = 1_000;
/** An idle log is countersigned again, so that a cosignature is never old. */
const REFRESH_MS = 10 * 60_000;
/** A log whose newest entries are not countersigned for longer counts as not witnessed. */
const MOST_UNWITNESSED_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 10_000;

interface Known {
  witness: Witness;
  last: Cosigned | undefined;
  lastError: WitnessErrorCode | undefined;
  pauseMs: number;
  /** performance.now() before which it is left alone after a failure. */
  restsUntil: number;
}

interface WitnessingEvents {
  /** A quorum countersigned this tree. */
  witnessed(tree: { size: number; checkpoint: string }): void;
  failed(error: unknown, where: string): void;
}

/** Brings durable checkpoints to the witnesses and collects their cosignatures. */
export class Witnessing {
  readonly required: boolean;
  /** Cosignatures needed. */
  readonly quorum: number;
  readonly #deps: { db: Db; clock: Clock };
  readonly #known: Known[];
  readonly #alarm = new Alarm();
  #target: PublishTarget | undefined;
  #done: { size: number; at: Date } | undefined;
  /** performance.now() at the end of the last round. */
  #roundAt = Number.NEGATIVE_INFINITY;
  #unwitnessedSince: Date | undefined;
  #inReach = true;
  #ended = false;

  constructor(deps: { db: Db; clock: Clock }, { witnesses, quorum, required }: Witnesses) {
    this.#deps = deps;
    this.quorum = quorum;
    this.required = required;
    this.#known = witnesses.map((witness) => ({
      ...{ witness, last: undefined, lastError: undefined, pauseMs: 0, restsUntil: 0 },
    }));
  }

  /** The largest tree that a quorum countersigned. */
  get size(): number {
    return this.#done?.size ?? 0;
  }

  /** The last round found a quorum. */
  get inReach(): boolean {
    return this.#inReach;
  }

  /** Takes up what earlier processes were told. */
  async load(): Promise<void> {
    const { db } = this.#deps;
    this.forget();
    this.#ended = false;
    for (const row of await db.selectFrom('ledger_witness').selectAll().execute()) {
      const known = this.#known.find(({ witness }) => witness.name === row.name);
      if (known) known.last = { size: Number(row.size), at: row.cosigned_at, line: row.line };
    }
    const state = await db.selectFrom('ledger_state').selectAll().executeTakeFirst();
    if (state?.witnessed_at && this.quorum > 0) {
      const size = Number(state.witnessed_size);
      this.#done = { size, at: state.witnessed_at };
    }
  }

  /** What was countersigned of the log under an earlier name says nothing of this one. */
  forget(): void {
    for (const known of this.#known) known.last = undefined;
    this.#target = undefined;
    this.#done = undefined;
    this.#unwitnessedSince = undefined;
  }

  /** Sets what is to be countersigned: a checkpoint that is durable at the needed sites. */
  aim(target: PublishTarget): void {
    if (this.quorum === 0 || target.size <= (this.#target?.size ?? -1)) return;
    this.#target = target;
    if (target.size > this.size) this.#unwitnessedSince ??= this.#deps.clock.now();
    this.#alarm.ring();
  }

  end(): void {
    this.#ended = true;
    this.#alarm.ring();
  }

  /** Resolves after `end`. */
  async run(events: WitnessingEvents): Promise<void> {
    while (!this.#ended && this.quorum > 0) {
      const waitMs = this.#waitBeforeRound();
      if (waitMs === undefined || waitMs > 0) {
        await this.#alarm.sleep(waitMs);
        continue;
      }
      try {
        await this.#round(events);
      } catch (error) {
        this.#inReach = false;
        events.failed(error, 'witnesses');
      }
      this.#roundAt = performance.now();
    }
  }

  health(): WitnessingHealth {
    const now = this.#deps.clock.now().getTime();
    const since = this.#unwitnessedSince?.getTime() ?? now;
    return {
      ...{ quorum: this.quorum, required: this.required },
      witnessed: this.size > 0 && now - since < MOST_UNWITNESSED_MS,
      ...{ size: this.#done?.size, at: this.#done?.at },
      witnesses: this.#known.map(({ witness, last, lastError }) => ({
        ...{ name: witness.name, vkey: witness.vkey, lastError },
        ...{ size: last?.size, cosignedAt: last?.at },
      })),
    };
  }

  /** How long until a round is worth its while; undefined until there is something to show. */
  #waitBeforeRound(): number | undefined {
    const target = this.#target;
    if (target === undefined) return undefined;
    const now = performance.now();
    const due = this.#known.map((one) =>
      one.last?.size === target.size ? this.#refreshAt() : one.restsUntil,
    );
    // Answers wait for the round: it has to be as early as it can.
    const paced = this.required ? 0 : this.#roundAt + PACE_MS;
    return Math.max(0, paced - now, Math.min(...due) - now);
  }

  #refreshAt(): number {
    return this.#roundAt + REFRESH_MS;
  }

  async #round(events: WitnessingEvents): Promise<void> {
    const target = this.#target;
    if (target === undefined) return;
    const now = performance.now();
    const refresh = this.size === target.size && this.#refreshAt() <= now;
    await Promise.all(
      this.#known
        .filter((one) => one.restsUntil <= now && (refresh || one.last?.size !== target.size))
        .map((known) => this.#ask(known, target, events)),
    );
    const lines = this.#known.flatMap(({ last }) =>
      last?.size === target.size ? [last.line] : [],
    );
    this.#inReach = lines.length >= this.quorum;
    if (!this.#inReach) return;
    const checkpoint = withSignatures(target.checkpoint, lines);
    const at = this.#deps.clock.now();
    await this.#deps.db
      .updateTable('ledger_state')
      .set({ witnessed_checkpoint: checkpoint, witnessed_size: target.size, witnessed_at: at })
      .execute();
    this.#done = { size: target.size, at };
    this.#unwitnessedSince = (this.#target?.size ?? 0) > target.size ? at : undefined;
    events.witnessed({ size: target.size, checkpoint });
  }

  async #ask(known: Known, target: PublishTarget, events: WitnessingEvents): Promise<void> {
    const { db } = this.#deps;
    const { witness } = known;
    try {
      const from = known.last?.size ?? 0;
      const prove = (old: number, size: number) => consistencyProof(db, old, size);
      known.last = await askWitness(witness, from, target, prove);
      known.lastError = undefined;
      known.pauseMs = 0;
      const { size, at, line } = known.last;
      const row = { size, cosigned_at: at, line };
      await db
        .insertInto('ledger_witness')
        .values({ name: witness.name, ...row })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
        .execute();
    } catch (error) {
      known.lastError =
        error instanceof ArchiveError ? (error.code as WitnessErrorCode) : 'WITNESS_UNREACHABLE';
      known.pauseMs = Math.min(Math.max(known.pauseMs * 2, FIRST_PAUSE_MS), LAST_PAUSE_MS);
      known.restsUntil = performance.now() + known.pauseMs;
      events.failed(error, `witness ${witness.name}`);
    }
  }
}
