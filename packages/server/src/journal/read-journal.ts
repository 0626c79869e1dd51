import { hasCode } from '../core/errors.ts';
import type { Continued, ContinuedPart } from './continued.ts';
import { readJournalKey } from './keys-of-journal.ts';
import { type JournalSeal, type JournalStore, journalError } from './ports.ts';
import { type Change, openSegment, type SegmentHead } from './segment.ts';
import { headKey, readHead, type SnapshotHead } from './snapshot-head.ts';

/** What a site has of the journal. */
export interface JournalListing {
  /** The newest whole snapshot of the newest timeline, or the one that this timeline goes on from. */
  snapshot: SnapshotHead;
  /** What comes after it, in order; the last one may still grow. */
  parts: JournalPart[];
}

export interface JournalPart {
  timeline: number;
  /** The first number to replay. */
  from: number;
  /** Keys by number, ascending; two where two processes wrote it. */
  segments: Map<number, string[]>;
  /** Where and how another timeline went on from it. */
  ended?: ContinuedPart;
}

interface Found {
  heads: { timeline: number; id: string }[];
  segments: { timeline: number; number: number; key: string }[];
}

/**
 * Rejects with JOURNAL_MISSING when the site has no whole snapshot to begin with, JOURNAL_DAMAGED when it
 * does not open.
 */
export async function listJournal(store: JournalStore, seal: JournalSeal): Promise<JournalListing> {
  const found = await listAll(store);
  const timelines = new Set([...found.heads, ...found.segments].map(({ timeline }) => timeline));
  for (const timeline of [...timelines].sort((a, b) => b - a)) {
    const [newest] = found.heads
      .filter((head) => head.timeline === timeline)
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    if (newest !== undefined) {
      const snapshot = await readHead(store, seal, newest);
      return { snapshot, parts: [partOf(found, timeline, snapshot.fromSegment)] };
    }
    const continued = await continuedBy(store, seal, partOf(found, timeline, 1));
    if (continued !== undefined) return goneOn(store, seal, { found, timeline, continued });
  }
  throw journalError('JOURNAL_MISSING', `site ${store.name} has no snapshot of the catalog`);
}

async function listAll(store: JournalStore): Promise<Found> {
  const found: Found = { heads: [], segments: [] };
  for await (const { key } of store.list('')) {
    const named = readJournalKey(key);
    if (named?.kind === 'segment') found.segments.push({ ...named, key });
    else if (named !== undefined && key === headKey(named)) found.heads.push(named);
  }
  return found;
}

async function continuedBy(
  store: JournalStore,
  seal: JournalSeal,
  { segments }: JournalPart,
): Promise<Continued | undefined> {
  const [first] = segments.values();
  if (first === undefined) return undefined;
  return (await readSegment(store, seal, first)).head.continues;
}

async function goneOn(
  store: JournalStore,
  seal: JournalSeal,
  { found, timeline, continued }: { found: Found; timeline: number; continued: Continued },
): Promise<JournalListing> {
  const { snapshot: base, parts } = continued;
  if (!found.heads.some(({ timeline: of, id }) => of === base.timeline && id === base.id)) {
    throw journalError(
      'JOURNAL_MISSING',
      `site ${store.name} has only what changed since the recovery, and not what that began with: take another site`,
    );
  }
  const snapshot = await readHead(store, seal, base);
  const before = parts.map((ended, at): JournalPart => {
    const from = at === 0 ? snapshot.fromSegment : 1;
    const part = partOf(found, ended.timeline, from);
    for (const number of part.segments.keys()) {
      if (number >= ended.to || ended.gaps.includes(number)) part.segments.delete(number);
    }
    return { ...part, ended };
  });
  return { snapshot, parts: [...before, partOf(found, timeline, 1)] };
}

function partOf({ segments }: Found, timeline: number, from: number): JournalPart {
  const numbered = new Map<number, string[]>();
  const wanted = segments.filter((one) => one.timeline === timeline && one.number >= from);
  for (const { number, key } of wanted.sort((a, b) => a.number - b.number)) {
    numbered.set(number, [...(numbered.get(number) ?? []), key]);
  }
  return { timeline, from, segments: numbered };
}

/** New segments since; for what follows a journal. Keys as in `JournalPart`. */
export async function listSegments(
  store: JournalStore,
  timeline: number,
  from: number,
): Promise<Map<number, string[]>> {
  return partOf(await listAll(store), timeline, from).segments;
}

export interface NumberedSegment {
  head: SegmentHead;
  /** Of all objects of that number, in the order in which they were made. */
  changes: Change[];
  /** Hex SHA-256 of each of its objects that open. */
  digests: string[];
  /** Another of its objects does not open: it may be the one that counted, or one that a killed process left. */
  doubtful: boolean;
}

/**
 * All objects of a number together. One that does not open is passed over where another does. Rejects with
 * JOURNAL_DAMAGED when none does; or JOURNAL_MISSING when `keys` is empty.
 */
export async function readSegment(
  store: JournalStore,
  seal: JournalSeal,
  keys: readonly string[],
): Promise<NumberedSegment> {
  const opened = [];
  let damage: unknown;
  for (const key of keys) {
    try {
      opened.push(await openSegment(seal, key, store.get(key)));
    } catch (error) {
      if (!hasCode(error, 'JOURNAL_DAMAGED')) throw error;
      damage ??= error;
    }
  }
  const [first] = opened;
  if (first === undefined) {
    throw damage ?? journalError('JOURNAL_MISSING', 'a segment is not there');
  }
  const changes = new Map<bigint, Change>();
  for (const one of opened) for (const change of one.changes) changes.set(change.id, change);
  return {
    head: { ...first.head, schema: Math.max(...opened.map(({ head }) => head.schema)) },
    changes: [...changes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    digests: opened.map(({ sha256 }) => sha256.toString('hex')),
    doubtful: damage !== undefined,
  };
}
