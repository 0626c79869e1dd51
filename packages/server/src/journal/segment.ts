import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Continued } from './continued.ts';
import { type JournalSeal, journalError } from './ports.ts';

const FORMAT = 'voxkeep/journal/v1';

/** One change of one row, in the order in which it was made. */
export interface Change {
  /** Grows with every change; two changes of one row are in its order. */
  id: bigint;
  table: string;
  gone: boolean;
  /** The primary key as a JSON array. */
  key: string;
  /** The row as JSON, with every digit that PostgreSQL gave. */
  body: string;
}

/** What a segment says of itself. */
export interface SegmentHead {
  timeline: number;
  number: number;
  /** The last migration of the catalog that wrote it. */
  schema: number;
  /** Hex SHA-256 of the sealed segment before; '' for a timeline's first. */
  previous: string;
  writtenAt: Date;
  /** Of a rebuilt catalog without a snapshot of its own timeline. */
  continues?: Continued;
}

export interface Segment {
  head: SegmentHead;
  changes: Change[];
}

/**
 * Plain bytes: gzip of a line of JSON (the head) and a line a change: id, table, `+` or `-`, key and
 * row, with tabs between. JSON holds no tab and no line end of its own.
 */
export function encodeSegment({ head, changes }: Segment): Buffer {
  const about = { format: FORMAT, ...head, writtenAt: head.writtenAt.toISOString() };
  const lines = changes.map(
    ({ id, table, gone, key, body }) => `${id}\t${table}\t${gone ? '-' : '+'}\t${key}\t${body}\n`,
  );
  return gzipSync(Buffer.from(`${JSON.stringify(about)}\n${lines.join('')}`), { level: 3 });
}

/** Throws JOURNAL_DAMAGED for what this program cannot have written. */
export function decodeSegment(key: string, bytes: Buffer): Segment {
  const bad = (why: string, cause?: unknown) =>
    journalError('JOURNAL_DAMAGED', `segment ${key} ${why}`, { cause });
  let text: string;
  try {
    text = gunzipSync(bytes).toString();
  } catch (cause) {
    throw bad('does not unpack', cause);
  }
  const end = text.indexOf('\n');
  const { format, writtenAt, ...head } = JSON.parse(text.slice(0, end)) as Omit<
    SegmentHead,
    'writtenAt'
  > & { format: string; writtenAt: string };
  if (format !== FORMAT) throw bad(`has format ${format}`);
  const changes = text
    .slice(end + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Change => {
      const [id = '', table = '', sign, rowKey = '', body] = line.split('\t');
      if (!/^\d+$/.test(id) || !/^[a-z_]+$/.test(table) || body === undefined) {
        throw bad('has a line that is no change');
      }
      return { id: BigInt(id), table, gone: sign === '-', key: rowKey, body };
    });
  return { head: { ...head, writtenAt: new Date(writtenAt) }, changes };
}

/** The sealed segment and its digest. */
export async function sealSegment(seal: JournalSeal, key: string, segment: Segment) {
  const parts: Buffer[] = [];
  for await (const part of seal.seal(key, [encodeSegment(segment)])) parts.push(part);
  const sealed = Buffer.concat(parts);
  return { sealed, sha256: createHash('sha256').update(sealed).digest() };
}

/** Rejects with JOURNAL_DAMAGED, or as the store does. */
export async function openSegment(
  seal: JournalSeal,
  key: string,
  source: AsyncIterable<Uint8Array>,
): Promise<Segment & { sha256: Buffer }> {
  const digest = createHash('sha256');
  const watched = async function* () {
    for await (const piece of source) {
      digest.update(piece);
      yield piece;
    }
  };
  const parts: Buffer[] = [];
  for await (const part of seal.open(key, watched())) parts.push(part);
  return { ...decodeSegment(key, Buffer.concat(parts)), sha256: digest.digest() };
}
