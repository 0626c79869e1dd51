import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { LedgerErrorCode, LedgerStore, WitnessErrorCode, Witnesses } from './ports.ts';
import type { OpenedSuccession } from './succeed-log.ts';

export interface SequencerOptions {
  db: Db;
  /** Lends one connection for as long as this sequencer leads. */
  pool: pg.Pool;
  clock: Clock;
  /** The Ed25519 seed (RFC 8032), 32 bytes: the secret `ledger-signing`. */
  signingKey: Uint8Array;
  /**
   * First line of each checkpoint and name of its key, e.g. `voxkeep.example/7d3f…`. After a succession the
   * catalog says another one, which goes on from this.
   */
  origin: string;
  /** The first one is always needed, and one other where more are configured. */
  stores: readonly LedgerStore[];
  /** Default: none. */
  witnesses?: Witnesses;
  /**
   * Ask the witnesses, before anything is numbered, whether they have seen another history, and open a
   * successor where they have: after a recovery (`rebuilt`), or since an operator wants it (`asked`).
   */
  succession?: 'rebuilt' | 'asked' | undefined;
  /** Told of a successor that was opened. */
  onSuccession?: (succession: OpenedSuccession) => void;
  /** How long `wait` waits for durability before LEDGER_UNAVAILABLE. Default 10 000. */
  waitMs?: number;
  /** How often the outbox is looked at while nobody waits. Default 250. */
  pollMs?: number;
  /** How long entries that have to come back wait for the sites to be looked at. Default 3 000. */
  restoreAfterMs?: number;
  /** Told of what went wrong and is tried again; ids and codes only. */
  onError?: (error: unknown, where: string) => void;
}

export interface LedgerHealth {
  /** Entries are being made durable at the needed sites. */
  ok: boolean;
  /** This process numbers the entries; false while another one does. */
  leading: boolean;
  /** Entries in the signed tree. */
  size: number;
  /** Entries below this index are durable at the needed sites. */
  durableSize: number;
  lastCheckpointAt: Date | undefined;
  lastError: LedgerErrorCode | undefined;
  /** For how long the oldest entry that is not durable has been waiting; 0 when none is. */
  behindMs: number;
  stores: { name: string; size: number; lastError: LedgerErrorCode | undefined }[];
  witnessing: WitnessingHealth;
  /** Old entries that are still to come back from the sites, behind an archive that was rebuilt. */
  toRestore: number;
}

/** What this process knows of one witness. */
export interface WitnessHealth {
  name: string;
  vkey: string;
  /** The largest tree that it countersigned, and when, by its own clock. */
  size: number | undefined;
  cosignedAt: Date | undefined;
  lastError: WitnessErrorCode | undefined;
}

export interface WitnessingHealth {
  /** Cosignatures needed; 0 while no witness is configured. */
  quorum: number;
  /** Nothing counts as durable before a quorum has countersigned it. */
  required: boolean;
  /** A quorum has countersigned all but the newest minute. */
  witnessed: boolean;
  /** The largest tree that a quorum countersigned, and when. */
  size: number | undefined;
  at: Date | undefined;
  witnesses: WitnessHealth[];
}

/** Numbers the entries, signs the tree and brings it to the sites; one leads, others stand by. */
export interface Sequencer {
  /**
   * Resolves when a signed checkpoint that holds the entry is durable at the first store and one
   * other. Call it after the transaction has committed. Rejects with LEDGER_UNAVAILABLE (the entry
   * stays in the outbox or the log and gets there later) or LEDGER_FORKED.
   */
  wait(outboxId: string): Promise<{ index: number }>;
  /** Resolves when all that was committed before the call is durable; rejects as `wait` does. */
  flush(): Promise<void>;
  health(): LedgerHealth;
  /** The name that is in force, and the key that verifies what is signed under it. */
  log(): { origin: string; verifierKey: string };
  /** Ends what is under way, lets another one lead, and rejects those who still wait. */
  stop(): Promise<void>;
}
