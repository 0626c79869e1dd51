import type pg from 'pg';
import type { Db } from '../core/database.ts';
import { finishRebuild, type LoadedTable, loadSnapshot } from './load-snapshot.ts';
import { type JournalSeal, type JournalStore, journalError, type RowStreams } from './ports.ts';
import { type JournalListing, listJournal, listSegments, readSegment } from './read-journal.ts';
import { replayChanges } from './replay.ts';
import type { SnapshotHead } from './snapshot-head.ts';
import { type KeptTable, keptTables } from './tables.ts';

export interface RebuildOptions {
  db: Db;
  pool: pg.Pool;
  store: JournalStore;
  seal: JournalSeal;
  rows: RowStreams;
  /** Brings the empty or half-rebuilt catalog to that migration. Rejects with SCHEMA_NEWER. */
  migrateTo(schema: number): Promise<void>;
  /** The part of each large table that is loaded (0 to 1); asked before anything is. By default all. */
  share?(snapshot: SnapshotHead): number | Promise<number>;
  /** Told of each piece of work as it is done. */
  onProgress?(step: RebuildStep): void;
}

export type RebuildStep =
  | { kind: 'snapshot'; snapshot: SnapshotHead; segments: number }
  | ({ kind: 'table' } & LoadedTable)
  | { kind: 'index'; name: string }
  | { kind: 'segment'; number: number; changes: number; left: number; writtenAt: Date };

export interface Rebuilt {
  snapshot: SnapshotHead;
  /** That were loaded: fewer than the snapshot has where only a share was. */
  rows: number;
  changes: number;
  /** The first segment that was not there yet. */
  nextSegment: number;
  /** Hex SHA-256 of the newest one's object; the ledger may know it. */
  newest?: { number: number; digests: string[]; writtenAt: Date };
  /** Segments between others that the site does not have: what they changed is not in the catalog. */
  gaps: number[];
}

/**
 * Rebuilds the catalog from one site's newest snapshot and the segments after it, and can be broken off
 * and begun again. Each segment has to name the one before it. Rejects with JOURNAL_MISSING,
 * JOURNAL_DAMAGED, SCHEMA_NEWER, or as the store does.
 */
export class CatalogRebuild {
  readonly #options: RebuildOptions;
  #listing: JournalListing | undefined;
  #tables: KeptTable[] = [];
  #schema = 0;
  #next = 0;
  #previous: readonly string[] = [];
  #rows = 0;
  #changes = 0;
  #newest: Rebuilt['newest'];
  readonly #gaps: number[] = [];

  constructor(options: RebuildOptions) {
    this.#options = options;
  }

  /** The snapshot, with its indexes, and all segments that are there. */
  async load(): Promise<Rebuilt> {
    const { pool, store, seal, onProgress } = this.#options;
    const listing = await listJournal(store, seal);
    this.#listing = listing;
    const { snapshot, segments } = listing;
    onProgress?.({ kind: 'snapshot', snapshot, segments: segments.size });
    const share = (await this.#options.share?.(snapshot)) ?? 1;
    await this.#options.migrateTo(snapshot.schema);
    for (const month of snapshot.months) {
      await pool.query('select voxkeep_ensure_month($1)', [`${month}-01T00:00:00Z`]);
    }
    this.#rows = await loadSnapshot(
      {
        ...{ ...this.#options, share },
        onTable: (done) => onProgress?.({ kind: 'table', ...done }),
        onIndex: (name) => onProgress?.({ kind: 'index', name }),
      },
      snapshot,
    );
    await this.#atSchema(snapshot.schema);
    this.#next = snapshot.fromSegment;
    this.#previous = [snapshot.previous];
    await this.#replay(segments, false);
    return this.#sum();
  }

  /**
   * What has come since; for a catalog that follows the journal. It waits for a segment that is missing
   * between others; `finish` does not.
   */
  async follow(): Promise<Rebuilt> {
    return this.#more(false);
  }

  /** The last of it: what is missing between others now stays so. */
  async finish(): Promise<Rebuilt> {
    return this.#more(true);
  }

  /**
   * The catalog is an archive's own from now on, and goes on in a new timeline. What was changed in it
   * before this is in no journal: the timeline's first snapshot has it.
   */
  async takeOver(): Promise<void> {
    await finishRebuild(this.#options.pool, this.#sum().snapshot.timeline + 1);
  }

  async #more(final: boolean): Promise<Rebuilt> {
    const { snapshot } = this.#sum();
    await this.#replay(await listSegments(this.#options.store, snapshot, this.#next), final);
    return this.#sum();
  }

  #sum(): Rebuilt {
    const snapshot = this.#listing?.snapshot;
    if (snapshot === undefined) throw new TypeError('nothing is loaded');
    return {
      ...{ snapshot, rows: this.#rows, changes: this.#changes, nextSegment: this.#next },
      ...(this.#newest === undefined ? {} : { newest: this.#newest }),
      gaps: [...this.#gaps],
    };
  }

  async #atSchema(schema: number): Promise<void> {
    if (schema <= this.#schema) return;
    if (this.#schema > 0) await this.#options.migrateTo(schema);
    this.#schema = schema;
    this.#tables = (await keptTables(this.#options.db)).filter(({ journaled }) => journaled);
  }

  async #replay(segments: ReadonlyMap<number, string[]>, final: boolean): Promise<void> {
    const { db, store, seal, onProgress } = this.#options;
    let left = segments.size;
    for (const [number, keys] of segments) {
      if (this.#next < number && !final) return;
      for (; this.#next < number; this.#next += 1) this.#gaps.push(this.#next);
      const segment = await readSegment(store, seal, keys);
      const whole = !this.#gaps.includes(number - 1);
      if (whole && !this.#previous.includes(segment.head.previous)) {
        throw journalError(
          'JOURNAL_DAMAGED',
          `segment ${number} does not follow the one before it`,
        );
      }
      await this.#atSchema(segment.head.schema);
      await replayChanges(db, this.#tables, segment.changes);
      this.#next = number + 1;
      this.#previous = segment.digests;
      this.#changes += segment.changes.length;
      const { writtenAt } = segment.head;
      this.#newest = { number, digests: segment.digests, writtenAt };
      left -= 1;
      onProgress?.({ kind: 'segment', number, changes: segment.changes.length, left, writtenAt });
    }
  }
}
