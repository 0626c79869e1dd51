import { sql } from 'kysely';
import type { Db } from '../../core/database.ts';
import { errorKind } from '../../core/error-kind.ts';
import { objectsOf } from '../../record/object-rows.ts';
import type { StoredObject, Vault } from '../../record/vault.ts';
import type { DrillResult } from './drill-order.ts';

/** So many rows are looked at for each record that is taken, so that those without copies may be passed over. */
const CANDIDATES = 50;

export interface OpenedCalls {
  opened: number;
  notOpened: DrillResult['notOpened'];
  bytesRead: number;
}

/**
 * Reads what a site should have of some archived records, picked at random: each object is compared with its
 * digest, its envelope opened, and the object opened to its last byte. The vault knows that site only.
 */
export async function openCalls(
  deps: { db: Db; vault: Pick<Vault, 'verify' | 'open'>; site: string },
  count: number,
  onCall: (done: number, total: number) => void,
): Promise<OpenedCalls> {
  const { db, vault, site } = deps;
  const ids = await someRecords(db, site, count);
  const sum: OpenedCalls = { opened: 0, notOpened: [], bytesRead: 0 };
  for (const [at, recordId] of ids.entries()) {
    onCall(at, ids.length);
    const bad = sum.notOpened.length;
    for (const object of await objectsOf(db, recordId)) {
      if (object.pool === 'quarantine' || !object.sites.includes(site)) continue;
      try {
        sum.bytesRead += await readWhole(vault, object, site);
      } catch (error) {
        sum.notOpened.push({ recordId, objectId: object.id, code: errorKind(error) });
      }
    }
    if (sum.notOpened.length === bad) sum.opened += 1;
  }
  onCall(ids.length, ids.length);
  return sum;
}

/** Resolves to the object's sealed bytes. Rejects as the vault does. */
async function readWhole(
  vault: Pick<Vault, 'verify' | 'open'>,
  object: StoredObject,
  site: string,
): Promise<number> {
  await vault.verify(object, site);
  // Of a record key there is an envelope only.
  if (object.purpose === 'record-key') return 0;
  let plainBytes = 0;
  for await (const piece of (await vault.open(object)).stream()) plainBytes += piece.length;
  if (plainBytes !== object.plainBytes) throw new RangeError(`object ${object.id} is cut short`);
  return object.sealedBytes;
}

async function someRecords(db: Db, site: string, count: number): Promise<string[]> {
  const { n } = await db
    .selectFrom('record')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  const percent = Math.min(100, (100 * CANDIDATES * count) / Math.max(1, Number(n)));
  const found = await pick(db, site, count, percent);
  return found.length < count && percent < 100 ? pick(db, site, count, 100) : found;
}

async function pick(db: Db, site: string, count: number, percent: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.id from record r tablesample bernoulli (${percent})
    where r.state = 'archived' and exists (
      select from sealed_object o join object_copy c on c.object_id = o.id
      where o.record_id = r.id and o.pool <> 'quarantine' and o.destroyed_at is null
        and c.site = ${site})
    order by random() limit ${count}`.execute(db);
  return rows.map(({ id }) => id);
}
