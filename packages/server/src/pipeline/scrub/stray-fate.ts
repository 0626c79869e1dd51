import { ArchiveError, hasCode } from '../../core/errors.ts';
import { madeAt, type ObjectId } from '../../core/ids.ts';
import type { Pool } from '../../record/vocabulary.ts';
import type { PipelineDeps } from '../deps.ts';

/** What is written now gets its row within minutes; nothing takes a day. */
const GRACE_MS = 24 * 3_600_000;

/** What becomes of something at a site that no living row knows. Notes when it was first seen. */
export async function fateOf(
  deps: PipelineDeps,
  stray: { site: string; pool: Pool; id: ObjectId },
): Promise<'remove' | 'waiting' | 'kept'> {
  const { site, pool, id } = stray;
  // Nothing that was destroyed has a place anywhere: a site brought it back.
  if (await isDestroyed(deps, id)) return 'remove';
  const before = new Date(deps.clock.now().getTime() - GRACE_MS);
  if (madeAt(id) > before) return 'waiting';
  const writtenAt = await deps.strays.writtenAt(site, pool, id);
  if (writtenAt === undefined || writtenAt > before) return 'waiting';
  if ((await firstSeen(deps, stray)) > before) return 'waiting';
  return (await isLost(deps, stray)) ? 'kept' : 'remove';
}

async function firstSeen(
  deps: PipelineDeps,
  { site, pool, id }: { site: string; pool: Pool; id: ObjectId },
): Promise<Date> {
  const now = deps.clock.now();
  await deps.db
    .insertInto('stray_object')
    .values({ site, pool, object_id: id, seen_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { seen_at } = await deps.db
    .selectFrom('stray_object')
    .select('seen_at')
    .where('site', '=', site)
    .where('pool', '=', pool)
    .where('object_id', '=', id)
    .executeTakeFirstOrThrow();
  return seen_at;
}

async function isDestroyed({ db }: PipelineDeps, id: ObjectId): Promise<boolean> {
  const row = await db
    .selectFrom('sealed_object')
    .select('id')
    .where('id', '=', id)
    .where('destroyed_at', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Whether it may be all that is left of a call: a catalog that was put back from a backup does not know
 * what came since, but the ledger at the sites does, and gives those entries back. An envelope that does
 * not open tells nothing, so it stays too.
 */
async function isLost(
  deps: PipelineDeps,
  { pool, id }: { pool: Pool; id: ObjectId },
): Promise<boolean> {
  try {
    const recordId = await deps.strays.recordOf(pool, id);
    return recordId !== undefined && (await deps.ledgerKnowsMore(recordId));
  } catch (error) {
    // A site that is away may have the envelope.
    const away = hasCode(error, 'SITE_UNREACHABLE') || hasCode(error, 'SITE_FOREIGN');
    if (away || !(error instanceof ArchiveError)) throw error;
    return true;
  }
}
