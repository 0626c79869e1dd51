import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { StoredObject } from '../../record/vault.ts';
import type { PipelineDeps } from '../deps.ts';
import { holdLiving } from '../destroy-object.ts';
import { copyAndNote } from '../make-copy.ts';
import { confirmObject } from './confirm-object.ts';

/**
 * Makes a copy anew from one that the ledger confirms; a bad one is replaced in one instant, and only by
 * one whose digest is right. Resolves to whether it is whole now; what stood in the way is kept with the
 * fault. The repair is on the ledger.
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
      if (!(await holdLiving(tx, object.id))) return false;
      await copyAndNote(deps, tx, confirmed, site);
      // A row that says otherwise would call the right copies wrong.
      const { sealedBytes, sealedSha256 } = confirmed;
      await tx
        .updateTable('sealed_object')
        .set({ sealed_bytes: sealedBytes, sealed_sha256: sealedSha256 })
        .where('id', '=', object.id)
        .execute();
      await tx
        .deleteFrom('copy_fault')
        .where('object_id', '=', object.id)
        .where('site', '=', site)
        .execute();
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
