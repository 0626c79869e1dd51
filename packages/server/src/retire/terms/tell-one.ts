import type { Actor, Audit } from '../../core/audit.ts';
import type { Db } from '../../core/database.ts';
import type { Anchor } from '../retention.ts';
import type { TermDeps } from './give-term.ts';
import { tellAnchor } from './tell-anchor.ts';

/**
 * An officer tells a record's day. The ledger has what the term was and what it is. Rejects with
 * RECORD_UNKNOWN, RECORD_DISPOSED, RETENTION_DAY_INVALID.
 */
export async function tellOne(
  deps: TermDeps & { db: Db; audit: Audit },
  recordId: string,
  told: { anchor: Anchor; day: string; actor: Actor; requestId: string },
): Promise<void> {
  const { anchor, day, actor, requestId } = told;
  const { outboxId } = await deps.db.transaction().execute(async (tx) => {
    const given = await tellAnchor(deps, tx, recordId, anchor, day, actor.id);
    return deps.audit.append(tx, {
      ...{ actor, action: 'retention.change', resource: recordId, outcome: 'ok', requestId },
      detail: {
        ...{ anchor, day },
        ...(given?.before === undefined
          ? {}
          : { keptUntil: given.before.keepUntil, wasOpenEnded: given.before.openEnded }),
        ...(given === undefined
          ? {}
          : { keepUntil: given.after.keepUntil, openEnded: given.after.openEnded }),
      },
    });
  });
  await deps.audit.settle(outboxId);
}
