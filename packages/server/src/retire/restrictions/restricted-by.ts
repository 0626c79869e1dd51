import type { Queryable } from '../../core/database.ts';

/** How many records are restricted by a cause. */
export async function restrictedBy(db: Queryable, causeId: string): Promise<number> {
  const { n } = await db
    .selectFrom('record_restriction')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('cause_id', '=', causeId)
    .executeTakeFirstOrThrow();
  return Number(n);
}
