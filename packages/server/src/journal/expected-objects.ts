import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Db } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import { readJournalKey, snapshotFolder } from './keys-of-journal.ts';
import type { JournalSeal, JournalStore } from './ports.ts';
import { headKey, openHead, type SnapshotHead } from './snapshot-head.ts';

/** What every site should have of the journal, as it was written. */
export interface JournalObject {
  key: string;
  /** Of the sealed bytes. */
  sha256: Buffer;
  /** Undefined for a snapshot's head that no site has whole. */
  sizeBytes: number | undefined;
}

const BATCH = 500;

/**
 * Every segment and every part of a snapshot that has not been pruned, up to the moment of the call; what
 * comes later is not among them. Heads, which name a snapshot's parts, are read at `stores`, in that order.
 */
export async function expectedObjects(
  db: Db,
  seal: JournalSeal,
  stores: readonly JournalStore[],
): Promise<AsyncIterable<JournalObject>> {
  const state = await db.selectFrom('journal_state').selectAll().executeTakeFirstOrThrow();
  const snapshots = await db
    .selectFrom('journal_snapshot')
    .select(['id', 'timeline', 'sha256'])
    .where('ended_at', 'is not', null)
    .orderBy('id')
    .execute();
  return (async function* () {
    yield* segmentsBefore(db, state.next_segment);
    for (const { id, timeline, sha256 } of snapshots) {
      if (sha256 !== null) yield* partsOf({ id, timeline, sha256 }, seal, stores);
    }
  })();
}

/** Whether the site should have it now: prune may have come by, or nobody has brought it yet. */
export async function isExpected(db: Db, site: string, key: string): Promise<boolean> {
  const gap = await db
    .selectFrom('journal_gap')
    .select('key')
    .where('site', '=', site)
    .where('key', '=', key)
    .executeTakeFirst();
  const named = readJournalKey(key);
  if (gap !== undefined || named === undefined) return false;
  const row =
    named.kind === 'segment'
      ? await db
          .selectFrom('journal_segment')
          .select('key')
          .where('number', '=', String(named.number))
          .executeTakeFirst()
      : await db
          .selectFrom('journal_snapshot')
          .select('id')
          .where('id', '=', named.id)
          .executeTakeFirst();
  return row !== undefined;
}

async function* segmentsBefore(db: Db, next: string): AsyncGenerator<JournalObject> {
  for (let after = '0'; ; ) {
    const rows = await db
      .selectFrom('journal_segment')
      .select(['number', 'key', 'sha256', 'sealed_bytes'])
      .where('number', '>', after)
      .where('number', '<', next)
      .orderBy('number')
      .limit(BATCH)
      .execute();
    for (const { key, sha256, sealed_bytes } of rows) {
      yield { key, sha256, sizeBytes: Number(sealed_bytes) };
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.number;
  }
}

async function* partsOf(
  snapshot: { id: string; timeline: number; sha256: Buffer },
  seal: JournalSeal,
  stores: readonly JournalStore[],
): AsyncGenerator<JournalObject> {
  const { sha256 } = snapshot;
  const key = headKey(snapshot);
  const found = await wholeHead(snapshot, seal, stores);
  yield { key, sha256, sizeBytes: found?.bytes };
  if (found === undefined) return;
  const folder = snapshotFolder(snapshot.timeline, snapshot.id);
  for (const { part, sealedBytes, sha256: digest } of found.head.parts) {
    yield { key: `${folder}${part}`, sha256: Buffer.from(digest, 'hex'), sizeBytes: sealedBytes };
  }
}

async function wholeHead(
  snapshot: { id: string; timeline: number; sha256: Buffer },
  seal: JournalSeal,
  stores: readonly JournalStore[],
): Promise<{ head: SnapshotHead; bytes: number } | undefined> {
  for (const store of stores) {
    try {
      const pieces: Uint8Array[] = [];
      for await (const piece of store.get(headKey(snapshot))) pieces.push(piece);
      const sealed = Buffer.concat(pieces);
      if (!createHash('sha256').update(sealed).digest().equals(snapshot.sha256)) continue;
      return {
        head: await openHead(seal, snapshot, Readable.from([sealed])),
        bytes: sealed.length,
      };
    } catch (error) {
      // Away, or not there: another one may have it.
      if (!(error instanceof ArchiveError)) throw error;
    }
  }
  return undefined;
}
