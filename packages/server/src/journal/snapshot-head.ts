import { SNAPSHOT_HEAD, snapshotFolder } from './keys-of-journal.ts';
import { type JournalSeal, type JournalStore, journalError } from './ports.ts';

const FORMAT = 'voxkeep/snapshot/v1';

export interface SnapshotPart {
  table: string;
  columns: string[];
  rows: number;
  /** The object's name in the snapshot's folder. */
  part: string;
  sealedBytes: number;
  /** Hex, of the sealed bytes. */
  sha256: string;
}

/** What a snapshot is: its parts, and where in the journal the changes after it begin. */
export interface SnapshotHead {
  id: string;
  timeline: number;
  /** The last migration of the catalog that it shows. */
  schema: number;
  startedAt: Date;
  /** Segments from this number on come after it. */
  fromSegment: number;
  /** Hex SHA-256 of the sealed segment before that one; '' where there is none. */
  previous: string;
  /** The months of calls, `2026-11`, in UTC: each is a partition. */
  months: string[];
  parts: SnapshotPart[];
}

export const headKey = ({ timeline, id }: Pick<SnapshotHead, 'timeline' | 'id'>): string =>
  `${snapshotFolder(timeline, id)}${SNAPSHOT_HEAD}`;

export async function sealHead(seal: JournalSeal, head: SnapshotHead): Promise<Buffer> {
  const plain = { format: FORMAT, ...head, startedAt: head.startedAt.toISOString() };
  const parts: Buffer[] = [];
  const bytes = Buffer.from(JSON.stringify(plain));
  for await (const part of seal.seal(headKey(head), [bytes])) parts.push(part);
  return Buffer.concat(parts);
}

/** Rejects with JOURNAL_DAMAGED, or as the store does. */
export const readHead = (
  store: JournalStore,
  seal: JournalSeal,
  at: Pick<SnapshotHead, 'timeline' | 'id'>,
): Promise<SnapshotHead> => openHead(seal, at, store.get(headKey(at)));

/** Rejects with JOURNAL_DAMAGED, or with what `sealed` throws. */
export async function openHead(
  seal: JournalSeal,
  at: Pick<SnapshotHead, 'timeline' | 'id'>,
  sealed: AsyncIterable<Uint8Array>,
): Promise<SnapshotHead> {
  const parts: Buffer[] = [];
  for await (const part of seal.open(headKey(at), sealed)) parts.push(part);
  const { format, startedAt, ...head } = JSON.parse(Buffer.concat(parts).toString()) as Omit<
    SnapshotHead,
    'startedAt'
  > & { format: string; startedAt: string };
  if (format !== FORMAT) {
    throw journalError('JOURNAL_DAMAGED', `snapshot ${at.id} has format ${format}`);
  }
  return { ...head, startedAt: new Date(startedAt) };
}
