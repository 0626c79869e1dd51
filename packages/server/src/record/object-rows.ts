import type { Selectable } from 'kysely';
import type { Queryable, Tx } from '../core/database.ts';
import type { ObjectId, RecordId } from '../core/ids.ts';
import type { RecordTables } from '../core/tables/record.ts';
import type { ObjectPurpose, StoredObject } from './vault.ts';
import type { Pool } from './vocabulary.ts';

/** Notes written objects and their copies. */
export async function insertObjects(
  tx: Tx,
  objects: readonly StoredObject[],
  at: Date,
): Promise<void> {
  if (objects.length === 0) return;
  await tx
    .insertInto('sealed_object')
    .values(
      objects.map((object) => ({
        id: object.id,
        record_id: object.recordId,
        purpose: object.purpose,
        ordinal: object.ordinal,
        pool: object.pool,
        version: object.version,
        media_type: object.mediaType,
        plain_bytes: object.plainBytes,
        sealed_bytes: object.sealedBytes,
        sealed_sha256: object.sealedSha256,
        facts: '{}',
        created_at: at,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await tx
    .insertInto('object_copy')
    .values(
      objects.flatMap((object) =>
        object.sites.map((site) => ({
          object_id: object.id,
          site,
          written_at: at,
          verified_at: null,
          locked_until: null,
        })),
      ),
    )
    .onConflict((conflict) => conflict.columns(['object_id', 'site']).doNothing())
    .execute();
}

/** The living objects of a record, with the sites that hold a copy. */
export async function objectsOf(
  db: Queryable,
  recordId: string,
  purpose?: ObjectPurpose,
): Promise<StoredObject[]> {
  let query = db
    .selectFrom('sealed_object')
    .leftJoin('object_copy', 'object_copy.object_id', 'sealed_object.id')
    .selectAll('sealed_object')
    .select(({ fn }) => fn.agg<string[]>('array_agg', ['object_copy.site']).as('sites'))
    .where('record_id', '=', recordId)
    .where('destroyed_at', 'is', null)
    .groupBy('sealed_object.id')
    .orderBy('sealed_object.created_at')
    .orderBy('ordinal');
  if (purpose !== undefined) query = query.where('purpose', '=', purpose);
  const rows = await query.execute();
  return rows.map(({ sites, ...row }) =>
    storedObject(
      row,
      sites.filter((site) => site !== null),
    ),
  );
}

export type ObjectRow = Selectable<RecordTables['sealed_object']>;

/** A row as the rooms know it. */
export const storedObject = (row: ObjectRow, sites: readonly string[]): StoredObject => ({
  id: row.id as ObjectId,
  recordId: row.record_id as RecordId,
  purpose: row.purpose as ObjectPurpose,
  ordinal: row.ordinal,
  pool: row.pool as Pool,
  version: row.version,
  mediaType: row.media_type,
  plainBytes: Number(row.plain_bytes),
  sealedBytes: Number(row.sealed_bytes),
  sealedSha256: row.sealed_sha256,
  sites,
});
