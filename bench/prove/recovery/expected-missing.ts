import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

/** Records that lack an object at a site, by looking for the files of those that are not destroyed. */
export async function expectedMissing(live: pg.Client, siteFolder: string): Promise<Set<string>> {
  const { rows } = await live.query(
    `select id, record_id, pool, purpose from sealed_object where destroyed_at is null`,
  );
  const missing = new Set<string>();
  for (const { id, record_id: record, pool, purpose } of rows as Record<string, string>[]) {
    const at = (kind: string, ending: string) =>
      join(siteFolder, pool ?? '', kind, `${id?.slice(0, 4)}/${id?.slice(4, 7)}/${id}.${ending}`);
    const object = purpose === 'record-key' || existsSync(at('objects', 'vko'));
    if (!(object && existsSync(at('envelopes', 'vke')))) missing.add(record ?? '');
  }
  return missing;
}
