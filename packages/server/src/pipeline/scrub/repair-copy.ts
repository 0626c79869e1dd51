import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Queryable, Tx } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { StoredObject } from '../../record/vault.ts';
import type { PipelineDeps } from '../deps.ts';
import { holdLiving } from '../destroy-object.ts';
import { copyAndNote } from '../make-copy.ts';
import { confirmObject } from './confirm-object.ts';

/**
 * Makes a copy anew from one that the ledger confirms; a bad one is replaced in one instant, and only by
 * one whose digest is right. Resolves to whether nothing is wrong there now: one that gave way meanwhile is
 * not brought back. What stood in the way is kept with the fault. The repair is on the ledger.
 */
export async function repairCopy(
  deps: PipelineDeps,
  object: StoredObject,
  site: string,
  fault: string,
): Promise<boolean> {
  try {
    const confirmed = await confirmObject(deps, object);
    return await deps.db.transaction().execute(async (tx) => {
      const isLiving = await holdLiving(tx, object.id);
      if (!isLiving || !(await isNoted(tx, object.id, site))) {
        await forgetFault(tx, object.id, site);
        return true;
      }
      await copyAndNote(deps, tx, confirmed, site);
      // A row that says otherwise would call the right copies wrong.
      const { sealedBytes, sealedSha256 } = confirmed;
      await tx
        .updateTable('sealed_object')
        .set({ sealed_bytes: sealedBytes, sealed_sha256: sealedSha256 })
        .where('id', '=', object.id)
        .execute();
      await forgetFault(tx, object.id, site);
      await deps.audit.append(tx, {
        ...{ actor: ARCHIVE_ACTOR, action: 'object.repair', resource: object.recordId },
        outcome: 'ok',
        detail: { object: object.id, purpose: object.purpose, site, fault },
      });
      return true;
    });
  } catch (error) {
    const code = error instanceof ArchiveError ? error.code : 'REPAIR_FAILED';
    await deps.db
      .updateTable('copy_fault')
      .set(({ eb }) => ({ attempts: eb('attempts', '+', 1), last_error: code }))
      .where('object_id', '=', object.id)
      .where('site', '=', site)
      .execute();
    return false;
  }
}

/** Whether the site should hold a copy of the object. */
export async function isNoted(db: Queryable, objectId: string, site: string): Promise<boolean> {
  const row = await db
    .selectFrom('object_copy')
    .select('site')
    .where('object_id', '=', objectId)
    .where('site', '=', site)
    .executeTakeFirst();
  return row !== undefined;
}

async function forgetFault(tx: Tx, objectId: string, site: string): Promise<void> {
  await tx
    .deleteFrom('copy_fault')
    .where('object_id', '=', objectId)
    .where('site', '=', site)
    .execute();
}
