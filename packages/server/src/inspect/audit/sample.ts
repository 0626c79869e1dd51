import { sql } from 'kysely';
import type { RecordId } from '../../core/ids.ts';
import type { RecordState } from '../../record/vocabulary.ts';
import type { AuditContext } from './ports.ts';

/** Records of these states, drawn by the run's seed: the same seed draws the same of the same archive. Of one, that one. */
export async function sampledRecords(
  { db, seed, asOf, limits, only }: AuditContext,
  states: readonly RecordState[],
): Promise<RecordId[]> {
  const { rows } = await sql<{ id: RecordId }>`
    select id from record where state = any(${[...states]}) and received_at <= ${asOf}
      and (${only ?? null}::uuid is null or id = ${only ?? null}::uuid)
    order by md5(${seed} || id::text) limit ${limits.sample}`.execute(db);
  return rows.map(({ id }) => id);
}
