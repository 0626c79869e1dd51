import { type RebuildStep, rowsOf, type SnapshotHead } from '../../journal/index.ts';
import type { RecoveryStep } from '../recover/rebuild-from.ts';
import type { DrillProgress } from './drill-order.ts';
import { type LoadTimes, projectRto } from './project-rto.ts';

/** Follows the steps of a rebuild: how far it is, and which part of the time grows with the rows. */
export class RebuildTimes {
  readonly #now: () => number;
  readonly #say: (progress: DrillProgress) => void;
  readonly #tables: LoadTimes[] = [];
  #snapshot: SnapshotHead | undefined;
  #tablesFrom = Number.POSITIVE_INFINITY;
  #tablesTo = Number.NEGATIVE_INFINITY;

  /** `now` in milliseconds. */
  constructor(now: () => number, say: (progress: DrillProgress) => void) {
    this.#now = now;
    this.#say = say;
  }

  step(step: RecoveryStep): void {
    switch (step.kind) {
      case 'phase':
        if (step.phase === 'keys' || step.phase === 'catalog' || step.phase === 'ledger') {
          this.#say({ phase: step.phase, done: 0, total: 0 });
        }
        return;
      case 'snapshot':
        this.#snapshot = step.snapshot;
        return;
      case 'table':
        return this.#table(step);
      case 'index':
      case 'segment':
        return;
    }
  }

  #table(step: RebuildStep & { kind: 'table' }): void {
    const { table, rows, loadMs, indexMs } = step;
    this.#tablesTo = this.#now();
    this.#tablesFrom = Math.min(this.#tablesFrom, this.#tablesTo - loadMs - indexMs);
    const part = this.#snapshot?.parts.find((one) => one.table === table);
    this.#tables.push({ rows, rowsOfSnapshot: part?.rows ?? rows, loadMs, indexMs });
    this.#say({ phase: 'catalog', done: step.ofRows, total: step.total });
  }

  /** Rows that were loaded, and that the snapshot has. */
  get rows(): { rows: number; rowsOfSnapshot: number } {
    const sum = (of: (table: LoadTimes) => number) =>
      this.#tables.reduce((all, one) => all + of(one), 0);
    return { rows: sum((one) => one.rows), rowsOfSnapshot: sum((one) => one.rowsOfSnapshot) };
  }

  /** What the whole would take, in milliseconds, when this took `totalMs` and the walks over copies `copiesMs`. */
  project(totalMs: number, copiesMs: number): number {
    const tablesMs = Math.max(0, this.#tablesTo - this.#tablesFrom);
    return projectRto({ totalMs, tablesMs, copiesMs, tables: this.#tables });
  }
}

/** Records that a sample brings about; all where there are fewer. */
const SAMPLE_RECORDS = 100_000;

/** The part of each large table that a sample loads. */
export function sampleShare({ parts }: Pick<SnapshotHead, 'parts'>): number {
  const records = parts.find(({ table }) => table === 'record')?.rows ?? 0;
  return records <= SAMPLE_RECORDS ? 1 : SAMPLE_RECORDS / records;
}

/** Rows with their indexes take so many times the bytes of the sealed parts, which are packed. */
const UNPACKED = 4;
/** An empty cluster and what it writes ahead. */
const CLUSTER_BYTES = 256 * 1024 * 1024;

/** Bytes that a catalog of that share may take. */
export function roomFor({ parts }: Pick<SnapshotHead, 'parts'>, share: number): number {
  const sealed = parts.reduce(
    (sum, part) => sum + (part.sealedBytes * rowsOf(part, share)) / Math.max(1, part.rows),
    0,
  );
  return CLUSTER_BYTES + UNPACKED * Math.ceil(sealed);
}
