import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import { hasCode } from '../../core/errors.ts';
import type { ObjectId } from '../../core/ids.ts';
import {
  envelopeKey,
  objectKey,
  readAll,
  type SiteGate,
  type SiteStore,
} from '../../place/index.ts';
import { POOLS, type Pool } from '../../record/vocabulary.ts';

const MARK = 'tombstones/applied';
/** Between the time of a destruction's row and its commit. */
const MARGIN_MS = 2 * 60_000;
const BATCH = 500;
/** Deletions at once. */
const LANES = 8;

const Mark = z.object({ format: z.literal('voxkeep/tombstones/v1'), appliedTo: z.iso.datetime() });

export interface TombstoneDeps {
  db: Db;
  clock: Clock;
}

/**
 * Makes sure that what was destroyed is gone at a site that may have missed it, envelopes first, and then
 * opens its gate. The site itself says up to when it had everything: one that was put back as it was in
 * spring says spring. Resolves to how many destroyed objects were gone over. Rejects with
 * SITE_UNREACHABLE and the like, the gate being shut still.
 */
export async function settleSite(deps: TombstoneDeps, gate: SiteGate): Promise<number> {
  const { site } = gate;
  const now = deps.clock.now();
  const applied = (await markAt(site)) ?? (await withoutMark(deps, site, now));
  const since = new Date(Math.min(applied.getTime(), now.getTime()) - MARGIN_MS);
  const count = await applyTombstones(deps, site, since);
  gate.open();
  // What waited for it is confirmed at once.
  await deps.db
    .updateTable('pending_destruction')
    .set({ not_before: now })
    .where('site', '=', site.name)
    .where('envelope_gone', '=', false)
    .execute();
  await writeMark(deps, site, now);
  return count;
}

/**
 * Whether the site is another than it was: it does not say what it was told last. Rejects as the site
 * does.
 */
export async function isReplaced(deps: TombstoneDeps, site: SiteStore): Promise<boolean> {
  const told = await rowOf(deps.db, site.name);
  if (told === undefined) return false;
  return (await markAt(site))?.getTime() !== told.applied_to.getTime();
}

/** Tells an open site that it has everything up to now, if anything was destroyed since it was told last. */
export async function renewMark(deps: TombstoneDeps, { site, isShut }: SiteGate): Promise<void> {
  if (isShut) return;
  const now = deps.clock.now();
  const told = (await rowOf(deps.db, site.name))?.applied_to;
  const since = told && { at: new Date(told.getTime() - MARGIN_MS), id: '' };
  if (since !== undefined && (await destroyedSince(deps.db, since, 1)).length === 0) return;
  await writeMark(deps, site, now);
}

async function applyTombstones(
  { db }: TombstoneDeps,
  site: SiteStore,
  since: Date,
): Promise<number> {
  let count = 0;
  let after = { at: since, id: '' };
  for (;;) {
    const batch = await destroyedSince(db, after, BATCH);
    const last = batch.at(-1);
    if (last === undefined) return count;
    const left = [...batch];
    const lane = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await erase(site, next);
    };
    const ends = await Promise.allSettled(Array.from({ length: LANES }, lane));
    const failure = ends.find((one) => one.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    count += batch.length;
    after = { at: last.at, id: last.id };
  }
}

interface Tombstone {
  id: ObjectId;
  pool: Pool;
  at: Date;
}

/** In the order of their ends. */
async function destroyedSince(
  db: Db,
  after: { at: Date; id: string },
  limit: number,
): Promise<Tombstone[]> {
  const rows = await db
    .selectFrom('sealed_object')
    .select(['id', 'pool', 'destroyed_at'])
    .where('destroyed_at', '>=', after.at)
    .where(({ eb, or }) =>
      after.id === ''
        ? eb.lit(true)
        : or([eb('destroyed_at', '>', after.at), eb('id', '>', after.id)]),
    )
    .orderBy('destroyed_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, pool, destroyed_at: at }) => ({
    ...{ id: id as ObjectId, pool: pool as Pool },
    at: at ?? after.at,
  }));
}

/** Without its envelope nobody reads what a lock keeps there. */
async function erase(site: SiteStore, { id, pool }: Tombstone): Promise<void> {
  await site.delete(pool, envelopeKey(id));
  await site.delete(pool, objectKey(id)).catch((error: unknown) => {
    if (!hasCode(error, 'OBJECT_LOCKED')) throw error;
  });
}

/** What the site says; undefined when it says nothing. */
async function markAt(site: SiteStore): Promise<Date | undefined> {
  try {
    const bytes = await readAll(site, 'journal', MARK);
    return new Date(Mark.parse(JSON.parse(bytes.toString())).appliedTo);
  } catch (error) {
    if (hasCode(error, 'OBJECT_MISSING')) return undefined;
    // What does not read as a mark says nothing either.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

const rowOf = (db: Db, site: string) =>
  db.selectFrom('site_tombstones').selectAll().where('site', '=', site).executeTakeFirst();

/**
 * A site that was never told anything begins now, and one where nothing lies. One that was told and does
 * not know is a copy from before.
 */
async function withoutMark({ db }: TombstoneDeps, site: SiteStore, now: Date): Promise<Date> {
  const wasTold = (await rowOf(db, site.name)) !== undefined;
  return wasTold && !(await isEmpty(site)) ? new Date(0) : now;
}

async function isEmpty(site: SiteStore): Promise<boolean> {
  for (const pool of POOLS) {
    for await (const _ of site.list(pool, 'envelopes/')) return false;
  }
  return true;
}

/** First at the site: a row that says more than the site only makes it be gone over once more. */
async function writeMark({ db }: TombstoneDeps, site: SiteStore, now: Date): Promise<void> {
  const mark = { format: 'voxkeep/tombstones/v1', appliedTo: now.toISOString() };
  await site.put('journal', MARK, [Buffer.from(JSON.stringify(mark))]);
  await db
    .insertInto('site_tombstones')
    .values({ site: site.name, applied_to: now })
    .onConflict((conflict) => conflict.column('site').doUpdateSet({ applied_to: now }))
    .execute();
}
