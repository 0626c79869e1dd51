import type { Tx } from '../core/database.ts';
import { parseDay, startOfDay } from '../core/zone.ts';
import type { RetentionFacts } from '../record/facts.ts';
import type { StoredObject } from '../record/vault.ts';
import type { PipelineDeps } from './deps.ts';

/**
 * Locks a copy until the first day on which disposal may happen; resolves to that moment, or to null
 * where the site cannot.
 */
export async function lockCopy(
  deps: Pick<PipelineDeps, 'vault' | 'timeZone'>,
  object: StoredObject,
  site: string,
  { keepUntil }: Pick<RetentionFacts, 'keepUntil'>,
): Promise<Date | null> {
  const day = parseDay(keepUntil);
  if (day === undefined) throw new Error(`${keepUntil} is no day`);
  const until = startOfDay(deps.timeZone, day);
  return (await deps.vault.lock(object, site, until)) ? until : null;
}

export interface Lock {
  site: string;
  objectId: string;
  until: Date;
}

export async function noteLocks(tx: Tx, locks: readonly Lock[]): Promise<void> {
  for (const { site, objectId, until } of locks) {
    await tx
      .updateTable('object_copy')
      .set({ locked_until: until })
      .where('object_id', '=', objectId)
      .where('site', '=', site)
      .execute();
  }
}
