import type pg from 'pg';
import type { Db } from '../core/database.ts';
import type { Continued, ContinuedPart } from './continued.ts';
import { finishRebuild, type LoadedTable, loadSnapshot, passNoReturn } from './load-snapshot.ts';
import { type JournalSeal, type JournalStore, journalError, type RowStreams } from './ports.ts';
import {
  type JournalListing,
  type JournalPart,
  listJournal,
  listSegments,
  readSegment,
} from './read-journal.ts';
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
  /** Makes due again what these sites held, as an earlier recovery did. */
  beginAnew(sites: readonly string[]): Promise<void>;
  /** Which rows of a table are loaded, as a condition in SQL; by default all. */
  only?(table: string): string | undefined;
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
  /** The newest one that was read. */
  timeline: number;
  /** Its first segment that was not there yet. */
  nextSegment: number;
  /** Hex SHA-256 of the newest one's object; the ledger may know it. */
  newest?: { number: number; digests: string[]; writtenAt: Date };
  /**
   * Segments that the site does not have whole, but for newer ones than it has: what they changed may not be in
   * the catalog.
   */
  gaps: number[];
}

/**
 * Rebuilds the catalog from one site's newest snapshot and the segments after it, through timelines that went
 * on from one another where they have no snapshot yet, and can be broken off and begun again. Each segment has to
 * name the one before it; of several objects of a number one has to open. Rejects with JOURNAL_MISSING,
 * JOURNAL_DAMAGED, SCHEMA_NEWER, or as the store does.
 */
export class CatalogRebuild {
  readonly #options: RebuildOptions;
  #listing: JournalListing | undefined;
  #tables: KeptTable[] = [];
  #schema = 0;
  #timeline = 0;
  #next = 0;
  #previous: readonly string[] = [];
  /** The segment before has an object that does not open. */
  #doubtful = false;
  /** Of the timeline. */
  #missing: number[] = [];
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
    const { snapshot, parts } = listing;
    const segments = parts.reduce((sum, part) => sum + part.segments.size, 0);
    onProgress?.({ kind: 'snapshot', snapshot, segments });
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
    for (const part of parts) await this.#readPart(part, snapshot);
    return this.#sum();
  }

  async #readPart(part: JournalPart, { timeline, previous }: SnapshotHead): Promise<void> {
    const { ended } = part;
    this.#timeline = part.timeline;
    this.#next = part.from;
    this.#previous = [part.timeline === timeline ? previous : ''];
    this.#missing = [];
    this.#doubtful = false;
    await this.#replay(part.segments, ended !== undefined);
    if (ended === undefined) return;
    this.#settleDoubt();
    for (; this.#next < ended.to; this.#next += 1) this.#missing.push(this.#next);
    // Known as missing already, and not to be asked for again.
    this.#gaps.push(...this.#missing.filter((number) => !ended.gaps.includes(number)));
    this.#missing = [];
    await this.#atSchema(ended.schema);
    if (ended.begunAnew.length === 0) return;
    await passNoReturn(this.#options.pool);
    await this.#options.beginAnew(ended.begunAnew);
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
   * The catalog is an archive's own from now on, and goes on in a new timeline, which names this one. Of
   * what was changed in it before, only that sites began anew then is made again after a second loss;
   * everything else the timeline's first snapshot has.
   */
  async takeOver(after: { begunAnew: readonly string[] }): Promise<void> {
    const { pool } = this.#options;
    const { rows } = await pool.query('select max(version) as schema from voxkeep_migration');
    const schema = Number((rows[0] as { schema: number }).schema);
    await finishRebuild(pool, this.#continued({ ...after, schema }));
  }

  #continued(after: { begunAnew: readonly string[]; schema: number }): Continued {
    const { snapshot, parts } = this.#loaded();
    const { timeline, id } = snapshot;
    const last: ContinuedPart = {
      ...{ timeline: this.#timeline, to: this.#next, gaps: [...this.#missing] },
      ...{ schema: after.schema, begunAnew: [...after.begunAnew] },
    };
    return { snapshot: { timeline, id }, parts: [...parts.flatMap(endedOf), last] };
  }

  async #more(final: boolean): Promise<Rebuilt> {
    const from = this.#next;
    await this.#replay(await listSegments(this.#options.store, this.#timeline, from), final);
    if (final) this.#settleDoubt();
    return this.#sum();
  }

  /** Nothing after it says which of its objects counted. */
  #settleDoubt(): void {
    if (this.#doubtful) this.#missing.push(this.#next - 1);
    this.#doubtful = false;
  }

  #loaded(): JournalListing {
    if (this.#listing === undefined) throw new TypeError('nothing is loaded');
    return this.#listing;
  }

  #sum(): Rebuilt {
    const { snapshot } = this.#loaded();
    return {
      ...{ snapshot, rows: this.#rows, changes: this.#changes },
      ...{ timeline: this.#timeline, nextSegment: this.#next },
      ...(this.#newest === undefined ? {} : { newest: this.#newest }),
      gaps: [...this.#gaps, ...this.#missing],
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
      for (; this.#next < number; this.#next += 1) this.#missing.push(this.#next);
      const segment = await readSegment(store, seal, keys);
      const whole = !this.#missing.includes(number - 1);
      if (whole && !this.#previous.includes(segment.head.previous)) {
        if (!this.#doubtful) {
          throw journalError(
            'JOURNAL_DAMAGED',
            `segment ${number} does not follow the one before it`,
          );
        }
        if (!final) return;
        this.#missing.push(number - 1);
      }
      await this.#atSchema(segment.head.schema);
      await replayChanges(db, this.#tables, segment.changes);
      this.#next = number + 1;
      this.#previous = segment.digests;
      this.#doubtful = segment.doubtful;
      this.#changes += segment.changes.length;
      const { writtenAt } = segment.head;
      this.#newest = { number, digests: segment.digests, writtenAt };
      left -= 1;
      onProgress?.({ kind: 'segment', number, changes: segment.changes.length, left, writtenAt });
    }
  }
}

const endedOf = ({ ended }: JournalPart): ContinuedPart[] => (ended === undefined ? [] : [ended]);
