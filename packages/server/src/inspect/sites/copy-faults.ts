import type { SiteFaults } from '@voxkeep/contract';
import type { Queryable } from '../../core/database.ts';

const MOST = 100;

/** Copies of a site that are not what was written, the newest first, at most a hundred. */
export async function copyFaults(db: Queryable, site: string): Promise<SiteFaults> {
  const rows = await db
    .selectFrom('copy_fault')
    .innerJoin('sealed_object', 'sealed_object.id', 'copy_fault.object_id')
    .select(['object_id', 'record_id', 'purpose', 'fault', 'found_at'])
    .select(['copy_fault.attempts', 'last_error'])
    .select(({ fn }) => fn.countAll<string>().over().as('total'))
    .where('site', '=', site)
    .orderBy('found_at', 'desc')
    .orderBy('object_id')
    .limit(MOST)
    .execute();
  return {
    total: Number(rows[0]?.total ?? 0),
    faults: rows.map(
      ({ object_id, record_id, purpose, fault, found_at, attempts, last_error }) => ({
        ...{ recordId: record_id, objectId: object_id, purpose, code: fault, attempts },
        foundAt: found_at.toISOString(),
        ...(last_error === null ? {} : { lastError: last_error }),
      }),
    ),
  };
}

/** How many of them somebody tried to mend in vain. */
export async function countUnrepaired(db: Queryable, site: string): Promise<number> {
  const { n } = await db
    .selectFrom('copy_fault')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('site', '=', site)
    .where('last_error', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(n);
}
