import type { DrillFigures } from '@voxkeep/contract';
import type { Db } from '../../core/database.ts';
import type { BehindAt } from '../../journal/index.ts';
import type { DrillResult } from './drill-order.ts';
import type { DrillEnd } from './drill-rows.ts';

/**
 * What the drill's figures and the live catalog say together. An object that did not open counts while the
 * live catalog still wants it there: it may have been destroyed, or have given way, meanwhile.
 */
export async function judgeDrill(
  db: Db,
  site: string,
  { measured, notOpened, journal }: DrillResult,
  { before, limitS }: { before: BehindAt; limitS: number },
): Promise<DrillEnd> {
  const missed = [];
  for (const one of notOpened) if (await isWanted(db, one.objectId, site)) missed.push(one);
  const figures: DrillFigures = {
    ...measured,
    recordsOfArchive: await countRecords(db),
    rpoS: Math.round(before.behindS * 1000) / 1000,
    copiesDue: await countDue(db, site),
    callsNotOpened: new Set(missed.map(({ recordId }) => recordId)).size,
  };
  // What the site is known to lack is its lag; what it lacks besides is lost.
  const lost = !before.lacksSegments && isShort(journal, before);
  const code = missed[0]?.code ?? (lost ? 'JOURNAL_GAP' : undefined);
  if (code !== undefined) return { outcome: 'failed', code, figures };
  return { outcome: figures.rtoWholeS > limitS ? 'slow' : 'ok', figures };
}

/** A timeline that has only begun has written nothing yet. */
const isShort = (found: DrillResult['journal'], { timeline, nextSegment }: BehindAt): boolean =>
  found.gaps > 0 ||
  (found.timeline === timeline ? found.nextSegment < nextSegment : nextSegment > 1);

async function isWanted(db: Db, objectId: string, site: string): Promise<boolean> {
  const row = await db
    .selectFrom('object_copy')
    .innerJoin('sealed_object', 'sealed_object.id', 'object_copy.object_id')
    .select('object_id')
    .where('object_id', '=', objectId)
    .where('site', '=', site)
    .where('destroyed_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

async function countRecords(db: Db): Promise<number> {
  const { n } = await db
    .selectFrom('record')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

async function countDue(db: Db, site: string): Promise<number> {
  const { n } = await db
    .selectFrom('pending_copy')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('site', '=', site)
    .executeTakeFirstOrThrow();
  return Number(n);
}
