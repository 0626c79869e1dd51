/** What a rebuild of a part took; times in milliseconds. */
export interface MeasuredRebuild {
  /** From the first step to a catalog that could be served. */
  totalMs: number;
  /** Of it, while tables were loaded and indexed, several side by side. */
  tablesMs: number;
  /** Of it, over the rows of copies: what no site has, and what sites that begin anew lack. */
  copiesMs: number;
  tables: readonly LoadTimes[];
}

export interface LoadTimes {
  rows: number;
  /** That the snapshot has; all of them in a drill of the whole. */
  rowsOfSnapshot: number;
  loadMs: number;
  indexMs: number;
}

/**
 * Milliseconds that the rebuild of the whole would take, never less than was measured. Assumed is that
 *
 * - each table's loading grows with its rows, and the making of its indexes with n log n, since they are
 *   sorted; the large tables stay as much side by side as they were,
 * - the walks over copies grow as the rows of all tables do,
 * - everything else is the same whatever the size: keys, the server's start, migrations, and the changes after
 *   the snapshot and the ledger's newest entries, of which a sample takes all, too.
 *
 * What it cannot know is when rows outgrow memory; a drill of the whole shows that.
 */
export function projectRto(measured: MeasuredRebuild): number {
  const { totalMs, tablesMs, copiesMs, tables } = measured;
  const sum = (of: (table: LoadTimes) => number) => tables.reduce((all, one) => all + of(one), 0);
  const workMs = sum(({ loadMs, indexMs }) => loadMs + indexMs);
  const rows = sum((table) => table.rows);
  if (workMs <= 0 || rows === 0) return totalMs;
  const wholeMs = sum(({ loadMs, indexMs, ...of }) => {
    const times = ratioOf(of);
    return times * (loadMs + indexMs * deeper(of));
  });
  const rowRatio = sum(({ rowsOfSnapshot }) => rowsOfSnapshot) / rows;
  const more = tablesMs * (wholeMs / workMs - 1) + copiesMs * (rowRatio - 1);
  return totalMs + Math.max(0, more);
}

type Rows = Pick<LoadTimes, 'rows' | 'rowsOfSnapshot'>;

const ratioOf = ({ rows, rowsOfSnapshot }: Rows) =>
  rows === 0 ? 1 : Math.max(1, rowsOfSnapshot / rows);

/** By how much a sort of all compares more often for each row. */
const deeper = ({ rows, rowsOfSnapshot }: Rows) =>
  rows < 2 ? 1 : Math.max(1, Math.log2(rowsOfSnapshot) / Math.log2(rows));
