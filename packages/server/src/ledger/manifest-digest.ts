import type { Queryable } from '../core/database.ts';
import { assertAllBack } from './entries-back.ts';
import { decodeEntry } from './entry.ts';
import { entriesForResource } from './read-entries.ts';

const PAGE = 200;

/**
 * Hex SHA-256 of the sealed manifest that the newest entry of a record names; undefined where none does.
 * Rejects with LEDGER_RESTORING while the one that does may still be to come.
 */
export async function manifestDigestOf(
  db: Queryable,
  recordId: string,
): Promise<string | undefined> {
  for (let before: number | undefined; ; ) {
    const page = await entriesForResource(db, recordId, {
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    for (const { bytes } of page) {
      const { action, outcome, detail } = decodeEntry(bytes);
      const digest = detail?.['manifest'];
      if (action === 'record.state' && outcome === 'ok' && typeof digest === 'string')
        return digest;
    }
    before = page.at(-1)?.index;
    if (page.length < PAGE || before === undefined) {
      await assertAllBack(db);
      return undefined;
    }
  }
}
