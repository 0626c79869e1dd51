import { createHash } from 'node:crypto';
import { ARCHIVE_ACTOR, type Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { ArchiveError, hasCode } from '../core/errors.ts';
import { exactBytes } from './exact-bytes.ts';
import { expectedObjects, isExpected, type JournalObject } from './expected-objects.ts';
import { readJournalKey } from './keys-of-journal.ts';
import type { JournalSeal, JournalStore } from './ports.ts';

export interface JournalScrubber {
  db: Db;
  clock: Clock;
  audit: Audit;
  stores: readonly JournalStore[];
  seal: JournalSeal;
}

/** What a walk over a site's journal came to. */
export interface JournalWalk {
  checked: number;
  faults: number;
  repaired: number;
}

type Fault = 'OBJECT_MISSING' | 'OBJECT_DAMAGED';

/**
 * Looks at every object of the journal that a site should have, and mends those that are not what was
 * written from a site that has those very bytes: light, whether each is there and of its size; deep, by
 * reading it back, at `paced`. What nobody has whole stays a fault. Each repair is on the ledger. Resolves
 * to undefined when it was broken off; the next one begins anew. Rejects with SITE_UNREACHABLE and the like.
 */
export async function scrubJournal(
  deps: JournalScrubber,
  wanted: {
    site: string;
    kind: 'light' | 'deep';
    paced(bytes: number): Promise<void>;
    signal?: AbortSignal | undefined;
  },
): Promise<JournalWalk | undefined> {
  const { db, seal, stores } = deps;
  const { site, kind, paced, signal } = wanted;
  const walk: JournalWalk = { checked: 0, faults: 0, repaired: 0 };
  const store = stores.find(({ name }) => name === site);
  if (store === undefined) return walk;
  const others = stores.filter((one) => one !== store);
  // In this order: what is listed was expected before, and what was to be brought then is there by now.
  const expected = await expectedObjects(db, seal, [store, ...others]);
  const gaps = await keysOf(db, 'journal_gap', site);
  const open = await keysOf(db, 'journal_fault', site);
  const sizes = await sizesAt(store);
  const strange = new Set(sizes.keys());
  for await (const object of expected) {
    if (signal?.aborted === true) return undefined;
    const { key, sizeBytes } = object;
    strange.delete(key);
    if (gaps.has(key)) continue;
    // Of what was found bad its size says too little.
    const reads = kind === 'deep' || open.has(key);
    const fault =
      faultOfSize(object, sizes.get(key)) ??
      (reads ? await faultOfBytes(store, object) : undefined);
    if (reads) await paced(sizeBytes ?? 0);
    if (fault !== undefined && !(await isExpected(db, site, key))) continue;
    walk.checked += 1;
    if (fault === undefined) continue;
    walk.faults += 1;
    await noteFault(deps, site, key, fault);
    const mended = await mend(deps, store, { object, fault });
    if (mended) walk.repaired += 1;
    else open.delete(key);
  }
  // Found right again, mended, or not needed any more.
  for (const key of open) await forgetFault(db, site, key);
  await removeNeedless(db, store, strange);
  return walk;
}

/**
 * Segments that a killed process left: it wrote the object and not the row, and what it holds was written again
 * under another name. Nobody would find it out if they were damaged.
 */
async function removeNeedless(db: Db, store: JournalStore, keys: Iterable<string>): Promise<void> {
  const { timeline } = await db
    .selectFrom('journal_state')
    .select('timeline')
    .executeTakeFirstOrThrow();
  for (const key of keys) {
    const named = readJournalKey(key);
    if (named?.kind !== 'segment' || named.timeline !== timeline) continue;
    const row = await db
      .selectFrom('journal_segment')
      .select('key')
      .where('number', '=', String(named.number))
      .executeTakeFirst();
    if (row !== undefined && row.key !== key) await store.delete(key);
  }
}

async function keysOf(
  db: Db,
  table: 'journal_gap' | 'journal_fault',
  site: string,
): Promise<Set<string>> {
  const rows = await db.selectFrom(table).select('key').where('site', '=', site).execute();
  return new Set(rows.map(({ key }) => key));
}

async function sizesAt(store: JournalStore): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { key, sizeBytes } of store.list('')) sizes.set(key, sizeBytes);
  return sizes;
}

function faultOfSize({ sizeBytes }: JournalObject, found: number | undefined): Fault | undefined {
  if (found === undefined) return 'OBJECT_MISSING';
  return sizeBytes === undefined || sizeBytes === found ? undefined : 'OBJECT_DAMAGED';
}

async function faultOfBytes(
  store: JournalStore,
  { key, sha256 }: JournalObject,
): Promise<Fault | undefined> {
  const digest = createHash('sha256');
  try {
    for await (const piece of store.get(key)) digest.update(piece);
  } catch (error) {
    if (hasCode(error, 'OBJECT_MISSING')) return 'OBJECT_MISSING';
    throw error;
  }
  return digest.digest().equals(sha256) ? undefined : 'OBJECT_DAMAGED';
}

async function mend(
  { db, audit, stores }: JournalScrubber,
  store: JournalStore,
  { object, fault }: { object: JournalObject; fault: Fault },
): Promise<boolean> {
  const { key, sha256 } = object;
  const { name: site } = store;
  let failure: string = fault;
  for (const source of stores) {
    if (source === store) continue;
    try {
      await store.put(key, exactBytes(source.get(key), sha256, key));
      await db.transaction().execute(async (tx) => {
        await forgetFault(tx, site, key);
        await audit.append(tx, {
          ...{ actor: ARCHIVE_ACTOR, action: 'journal.repair', resource: site, outcome: 'ok' },
          detail: { object: key, fault, from: source.name },
        });
      });
      return true;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      failure = error.code;
    }
  }
  await db
    .updateTable('journal_fault')
    .set(({ eb }) => ({ attempts: eb('attempts', '+', 1), last_error: failure }))
    .where('site', '=', site)
    .where('key', '=', key)
    .execute();
  return false;
}

/** When it was found first stays: a snapshot after that makes good what is lost. */
async function noteFault(
  { db, clock }: JournalScrubber,
  site: string,
  key: string,
  fault: Fault,
): Promise<void> {
  await db
    .insertInto('journal_fault')
    .values({ site, key, fault, found_at: clock.now(), last_error: null })
    .onConflict((conflict) => conflict.columns(['site', 'key']).doUpdateSet({ fault }))
    .execute();
}

async function forgetFault(db: Pick<Db, 'deleteFrom'>, site: string, key: string): Promise<void> {
  await db.deleteFrom('journal_fault').where('site', '=', site).where('key', '=', key).execute();
}
