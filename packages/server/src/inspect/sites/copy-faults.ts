import type { CopyFault, SiteFaults } from '@voxkeep/contract';
import type { Queryable } from '../../core/database.ts';

const MOST = 100;

/**
 * Copies and objects of the journal at a site that are not what was written, the newest first, at most a
 * hundred.
 */
export async function copyFaults(db: Queryable, site: string): Promise<SiteFaults> {
  const copies = await db
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
  const journal = await db
    .selectFrom('journal_fault')
    .select(['key', 'fault', 'found_at', 'attempts', 'last_error'])
    .select(({ fn }) => fn.countAll<string>().over().as('total'))
    .where('site', '=', site)
    .orderBy('found_at', 'desc')
    .orderBy('key')
    .limit(MOST)
    .execute();
  const faults = [
    ...copies.map(({ object_id: objectId, record_id: recordId, purpose, ...row }) =>
      faultOf(row, { recordId, objectId, purpose }),
    ),
    ...journal.map(({ key, ...row }) => faultOf(row, { objectId: key, purpose: 'journal' })),
  ];
  return {
    total: Number(copies[0]?.total ?? 0) + Number(journal[0]?.total ?? 0),
    faults: faults.sort((a, b) => b.foundAt.localeCompare(a.foundAt)).slice(0, MOST),
  };
}

const faultOf = (
  row: { fault: string; found_at: Date; attempts: number; last_error: string | null },
  what: Pick<CopyFault, 'recordId' | 'objectId' | 'purpose'>,
): CopyFault => ({
  ...{ ...what, code: row.fault, attempts: row.attempts, foundAt: row.found_at.toISOString() },
  ...(row.last_error === null ? {} : { lastError: row.last_error }),
});

/** How many there are. */
export async function countFaults(db: Queryable, site: string): Promise<number> {
  return (await count(db, 'copy_fault', site)) + (await count(db, 'journal_fault', site));
}

/** How many of them somebody tried to mend in vain. */
export async function countUnrepaired(db: Queryable, site: string): Promise<number> {
  const tried = { tried: true };
  return (
    (await count(db, 'copy_fault', site, tried)) + (await count(db, 'journal_fault', site, tried))
  );
}

async function count(
  db: Queryable,
  table: 'copy_fault' | 'journal_fault',
  site: string,
  { tried = false } = {},
): Promise<number> {
  let query = db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('site', '=', site);
  if (tried) query = query.where('last_error', 'is not', null);
  return Number((await query.executeTakeFirstOrThrow()).n);
}
