import { readJournalKey } from './keys-of-journal.ts';
import { type JournalSeal, type JournalStore, journalError } from './ports.ts';
import { type Change, openSegment, type SegmentHead } from './segment.ts';
import { headKey, readHead, type SnapshotHead } from './snapshot-head.ts';

/** What a site has of the journal. */
export interface JournalListing {
  /** The newest whole snapshot of the newest timeline that has one. */
  snapshot: SnapshotHead;
  /** Keys by number, of the snapshot's timeline, from the one to replay first; two where two processes wrote it. */
  segments: Map<number, string[]>;
}

/** Rejects with JOURNAL_MISSING when the site has no whole snapshot, JOURNAL_DAMAGED when none opens. */
export async function listJournal(store: JournalStore, seal: JournalSeal): Promise<JournalListing> {
  const heads: { timeline: number; id: string }[] = [];
  const segments: { timeline: number; number: number; key: string }[] = [];
  for await (const { key } of store.list('')) {
    const named = readJournalKey(key);
    if (named?.kind === 'segment') segments.push({ ...named, key });
    else if (named !== undefined && key === headKey(named)) heads.push(named);
  }
  heads.sort((a, b) => b.timeline - a.timeline || (a.id < b.id ? 1 : -1));
  const [newest] = heads;
  if (newest === undefined) {
    throw journalError('JOURNAL_MISSING', `site ${store.name} has no snapshot of the catalog`);
  }
  const snapshot = await readHead(store, seal, newest);
  return { snapshot, segments: segmentsAfter(snapshot, segments) };
}

function segmentsAfter(
  { timeline, fromSegment }: SnapshotHead,
  segments: readonly { timeline: number; number: number; key: string }[],
): Map<number, string[]> {
  const found = new Map<number, string[]>();
  const wanted = segments.filter((one) => one.timeline === timeline && one.number >= fromSegment);
  for (const { number, key } of wanted.sort((a, b) => a.number - b.number)) {
    found.set(number, [...(found.get(number) ?? []), key]);
  }
  return found;
}

/** New segments since; for what follows a journal. Keys as in `JournalListing`. */
export async function listSegments(
  store: JournalStore,
  snapshot: SnapshotHead,
  from: number,
): Promise<Map<number, string[]>> {
  const segments: { timeline: number; number: number; key: string }[] = [];
  for await (const { key } of store.list('')) {
    const named = readJournalKey(key);
    if (named?.kind === 'segment') segments.push({ ...named, key });
  }
  return segmentsAfter({ ...snapshot, fromSegment: from }, segments);
}

export interface NumberedSegment {
  head: SegmentHead;
  /** Of all objects of that number, in the order in which they were made. */
  changes: Change[];
  /** Hex SHA-256 of each of its objects. */
  digests: string[];
}

/** Rejects with JOURNAL_DAMAGED; or JOURNAL_MISSING when `keys` is empty. */
export async function readSegment(
  store: JournalStore,
  seal: JournalSeal,
  keys: readonly string[],
): Promise<NumberedSegment> {
  const opened = [];
  for (const key of keys) opened.push(await openSegment(seal, key, store.get(key)));
  const [first] = opened;
  if (first === undefined) throw journalError('JOURNAL_MISSING', 'a segment is not there');
  const changes = new Map<bigint, Change>();
  for (const one of opened) for (const change of one.changes) changes.set(change.id, change);
  return {
    head: { ...first.head, schema: Math.max(...opened.map(({ head }) => head.schema)) },
    changes: [...changes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    digests: opened.map(({ sha256 }) => sha256.toString('hex')),
  };
}
