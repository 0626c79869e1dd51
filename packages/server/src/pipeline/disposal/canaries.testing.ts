import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import { SAMPLES } from '../pipeline-scene.testing.ts';

/**
 * What rows of a call could give away: its sealed fields, tokens and blind indexes as they lie in the catalog,
 * and what it was called with. `found` names the tables in which any of it still lies.
 */
export async function fieldsCanary(
  scene: IntakeScene,
  recordId: string,
): Promise<{ found(): Promise<string[]> }> {
  const { db } = scene.database;
  const { rows } = await sql<{ values: string[] }>`
    select array_remove(array[encode(fields, 'hex'), phone_index::text, account_index::text,
      phone_last4_index::text, phone_masked_index::text], null) as values
    from call where id = ${recordId}`.execute(db);
  const { rows: texts } = await sql<{ tokens: string }>`
    select tokens::text from call_text where id = ${recordId}`.execute(db);
  const metadata = JSON.parse(readFileSync(join(SAMPLES, '06-dispute.json'), 'utf8')) as {
    customer: { phone?: string; name?: string };
  };
  const { phone, name } = metadata.customer;
  const all = [...(rows[0]?.values ?? []), ...texts.map((one) => one.tokens), phone, name].filter(
    (one) => one !== undefined && one.length > 3,
  );
  if (all.length < 3) throw new Error('nothing to look for');
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'r' and c.relname <> 'journal_outbox'
    order by 1`.execute(db);
  return {
    async found() {
      const places: string[] = [];
      for (const { name: table } of tables) {
        const { rows: lines } = await sql<{ line: string }>`
          select to_jsonb(t)::text as line from ${sql.table(table)} t`.execute(db);
        const text = lines.map(({ line }) => line).join('\n');
        for (const value of all)
          if (value !== undefined && text.includes(value)) places.push(table);
      }
      return [...new Set(places)];
    },
  };
}
