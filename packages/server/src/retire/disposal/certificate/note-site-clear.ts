import { sql } from 'kysely';
import type { Tx } from '../../../core/database.ts';

/** Notes since when no envelope of the record is at that site; once, and only when none is. */
export async function noteSiteClear(
  tx: Tx,
  { record_id: recordId, site }: { record_id: string; site: string },
  now: Date,
): Promise<void> {
  await sql`update disposal
    set envelopes_gone = envelopes_gone || jsonb_build_object(${site}::text, ${now.toISOString()}::text)
    where record_id = ${recordId} and not envelopes_gone ? ${site}::text
      and not exists (select 1 from pending_destruction p
        where p.record_id = ${recordId} and p.site = ${site} and not p.envelope_gone)`.execute(tx);
}
