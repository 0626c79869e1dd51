import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { ArchiveError } from '../core/errors.ts';
import { Alarm } from './alarm.ts';
import { Backfill } from './backfill.ts';
import { Leadership } from './leadership.ts';
import { ledgerError } from './ledger-error.ts';
import { signerNamed } from './log-key.ts';
import { type LedgerErrorCode, NO_WITNESSES } from './ports.ts';
import { indicesOf, latestCheckpoint } from './read-entries.ts';
import type { LedgerHealth, Sequencer, SequencerOptions } from './sequencer-port.ts';
import { Waiters } from './waiters.ts';
import { Witnessing } from './witnessing.ts';

/** Any two constants: one sequencer leads in a database. */
const LEADER_LOCK = [7_320_114, 6_962];
const CHANNEL = 'voxkeep_ledger';
const STANDBY_MS = 1_000;
const STANDBY_WAITING_MS = 20;
const MOST_STOP_MS = 5_000;

/**
 * Starts numbering, signing and publishing, or stands by while another process leads. Sites that
 * are silent are tried again. Rejects with LEDGER_STORE_FOREIGN, LEDGER_FORKED, LEDGER_DAMAGED when
 * a site or the catalog holds what this archive's key did not sign, or a tree that is not this one.
 */
export async function startSequencer(options: SequencerOptions): Promise<Sequencer> {
  if (options.stores.length === 0) throw new TypeError('a ledger needs a store');
  const service = new SequencerService(options);
  await service.start();
  return service;
}

class SequencerService implements Sequencer {
  readonly #options: SequencerOptions;
  readonly #waiters: Waiters;
  readonly #witnessing: Witnessing;
  readonly #alarm = new Alarm();
  readonly #backfill: Backfill;
  #term: { leadership: Leadership; client: pg.PoolClient } | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** What makes going on wrong: a fork. */
  #failure: ArchiveError | undefined;
  #lastError: unknown;
  #standbySize = 0;
  #standbyOrigin: string;
  /** Until the witnesses have been asked, once, by whichever term is the first to number. */
  readonly #succession: { due: SequencerOptions['succession'] };

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#standbyOrigin = options.origin;
    this.#succession = { due: options.succession };
    this.#waiters = new Waiters(options.waitMs ?? 10_000);
    this.#witnessing = new Witnessing(options, options.witnesses ?? NO_WITNESSES);
    const { db, stores, onError, restoreAfterMs } = options;
    this.#backfill = new Backfill({
      ...{ db, stores, onError },
      ...(restoreAfterMs === undefined ? {} : { firstMs: restoreAfterMs }),
    });
  }

  async start(): Promise<void> {
    await this.#tryToLead();
    if (this.#term === undefined && this.#succession.due === 'asked') {
      throw ledgerError(
        'LEDGER_NOT_SUCCEEDED',
        'another process numbers the entries: stop it first',
      );
    }
    await this.#backfill.look();
    const restoring = this.#backfill.run().then(() => this.#term?.leadership.allBack());
    this.#running = Promise.all([this.#run(), restoring]).then(() => undefined);
  }

  async wait(outboxId: string): Promise<{ index: number }> {
    this.#checkOpen();
    const waiting = this.#waiters.entry(outboxId);
    this.#wake();
    return waiting;
  }

  async flush(): Promise<void> {
    this.#checkOpen();
    const { db } = this.#options;
    const last = await db
      .selectFrom('ledger_outbox')
      .select((build) => build.fn.max('id').as('id'))
      .executeTakeFirst();
    // Numbered in the order of their ids: with the last one all others are in.
    if (last !== undefined && last.id !== null) await this.wait(String(last.id));
    const size = (await latestCheckpoint(db))?.size ?? 0;
    const waiting = this.#waiters.size(size);
    this.#wake();
    await waiting;
  }

  health(): LedgerHealth {
    const term = this.#term?.leadership;
    const size = term?.signed.tree.size ?? this.#standbySize;
    const { durableSize } = this.#waiters;
    const behindSince = term?.behindSince;
    const now = this.#options.clock.now().getTime();
    const error = this.#failure ?? term?.lastError ?? this.#lastError;
    const { left: toRestore, lastError: restoring } = this.#backfill;
    const alone = this.#witnessing.required && !this.#witnessing.inReach;
    const failing = term !== undefined && (!term.reachesSites() || alone);
    const damaged = restoring === 'LEDGER_DAMAGED';
    return {
      ok:
        !this.#stopped &&
        this.#failure === undefined &&
        !failing &&
        !damaged &&
        this.#lastError === undefined,
      leading: term !== undefined,
      size,
      durableSize,
      lastCheckpointAt: term?.signed.signedAt,
      lastError: codeOf(error) ?? restoring,
      toRestore,
      behindMs: behindSince === undefined ? 0 : Math.max(0, now - behindSince.getTime()),
      stores: (term?.publishers ?? []).map((one) => ({
        name: one.store.name,
        size: one.size ?? 0,
        lastError: one.lastError,
      })),
      witnessing: this.#witnessing.health(),
    };
  }

  log(): { origin: string; verifierKey: string } {
    const leading = this.#term?.leadership.signed.signer;
    const { name, vkey } = leading ?? signerNamed(this.#options, this.#standbyOrigin);
    return { origin: name, verifierKey: vkey };
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#wake();
    this.#backfill.stop();
    this.#term?.leadership.end();
    // A site that hangs must not keep the process; what it misses, the next start brings.
    await Promise.race([this.#running, sleep(MOST_STOP_MS, undefined, { ref: false })]);
    this.#waiters.rejectAll(ledgerError('LEDGER_UNAVAILABLE', 'the ledger is stopping'));
  }

  async #run(): Promise<void> {
    for (let turn = 1; !this.#stopped && this.#failure === undefined; turn += 1) {
      const term = this.#term;
      try {
        if (term !== undefined) await this.#serve(term);
        else await this.#standBy(turn);
        this.#lastError = undefined;
      } catch (error) {
        this.#note(error);
        if (isFinal(error)) this.#failure = error;
        this.#waiters.rejectAll(
          this.#failure ?? ledgerError('LEDGER_UNAVAILABLE', 'no ledger', { cause: error }),
        );
        if (!this.#stopped) await this.#alarm.sleep(STANDBY_MS);
      }
    }
    // Taken while standing by, in the moment in which this was asked to stop: never served.
    const left = this.#term;
    this.#term = undefined;
    if (left !== undefined) await giveLockBack(left.client);
  }

  /** Leads until the term ends, then gives lock and connection back. */
  async #serve(term: { leadership: Leadership; client: pg.PoolClient }): Promise<void> {
    try {
      await term.leadership.run();
    } finally {
      this.#term = undefined;
      this.#standbyOrigin = term.leadership.signed.signer.name;
      await giveLockBack(term.client);
    }
  }

  async #tryToLead(): Promise<void> {
    const client = await this.#options.pool.connect();
    let leadership: Leadership | undefined;
    try {
      const answer = await client.query('select pg_try_advisory_lock($1, $2) as mine', LEADER_LOCK);
      if (answer.rows[0]?.mine !== true) {
        client.release();
        return;
      }
      await client.query(`listen ${CHANNEL}`);
      leadership = await Leadership.begin(this.#options, {
        ...{ waiters: this.#waiters, witnessing: this.#witnessing, succession: this.#succession },
      });
      await this.#witnessing.load();
    } catch (error) {
      await giveLockBack(client);
      throw error;
    }
    const { alarm } = leadership;
    const lost = leadership;
    client.on('notification', () => alarm.ring());
    client.on('error', () => lost.end());
    client.on('end', () => lost.end());
    this.#term = { leadership, client };
  }

  /** Another process leads: ask it to hurry when somebody waits here, and look for the result. */
  async #standBy(turn: number): Promise<void> {
    const { db } = this.#options;
    if (!this.#waiters.isEmpty) {
      await this.#options.pool.query(`notify ${CHANNEL}`);
      const unknown = this.#waiters.unknown();
      if (unknown.length > 0) this.#waiters.numbered(await indicesOf(db, unknown));
    }
    const state = await latestCheckpoint(db);
    this.#standbySize = state?.size ?? 0;
    this.#standbyOrigin = state?.origin ?? this.#standbyOrigin;
    this.#waiters.durable(state?.durableSize ?? 0);
    const waiting = !this.#waiters.isEmpty;
    if (!waiting || turn % Math.round(STANDBY_MS / STANDBY_WAITING_MS) === 0) {
      await this.#tryToLead();
      if (this.#term !== undefined) return;
    }
    await this.#alarm.sleep(waiting ? STANDBY_WAITING_MS : STANDBY_MS);
  }

  #wake(): void {
    this.#term?.leadership.alarm.ring();
    this.#alarm.ring();
  }

  #checkOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#stopped) throw ledgerError('LEDGER_UNAVAILABLE', 'the ledger is stopped');
  }

  #note(error: unknown): void {
    this.#lastError = error;
    this.#options.onError?.(error, 'sequencer');
  }
}

/** Whoever comes next may lead at once; a broken connection has lost its lock anyway. */
async function giveLockBack(client: pg.PoolClient): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', LEADER_LOCK).catch(() => undefined);
  client.release(true);
}

const FINAL: readonly string[] = [
  'LEDGER_FORKED',
  'LEDGER_STORE_FOREIGN',
  'LEDGER_DAMAGED',
] satisfies LedgerErrorCode[];

function isFinal(error: unknown): error is ArchiveError {
  return error instanceof ArchiveError && FINAL.includes(error.code);
}

function codeOf(error: unknown): LedgerErrorCode | undefined {
  if (error === undefined) return undefined;
  return error instanceof ArchiveError ? (error.code as LedgerErrorCode) : 'LEDGER_UNAVAILABLE';
}
