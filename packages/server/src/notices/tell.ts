import { NoticeKind, NoticeSeverity } from '@voxkeep/contract';
import type { Clock } from '../core/clock.ts';
import type { Tx } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import type { Telling } from '../core/notices.ts';
import { factsFault, tokenFault } from '../core/plain-facts.ts';
import { noticeInvalid } from './notices-error.ts';

/**
 * Puts a notice before each person that `to` means now, in the caller's transaction; gives their
 * ids. Rejects with NOTICE_INVALID naming the field.
 */
export async function tell(tx: Tx, clock: Clock, telling: Telling): Promise<string[]> {
  demandPlain(telling);
  const { kind, severity, resource, detail } = telling;
  const toldTo = await peopleOf(tx, telling.to);
  if (toldTo.length === 0) return [];
  const told = { kind, severity, resource: resource ?? null, told_at: clock.now(), read_at: null };
  const rows = toldTo.map((actorId) => ({
    ...{ id: newUuidV7(clock), actor_id: actorId, ...told, detail: JSON.stringify(detail ?? {}) },
  }));
  await tx.insertInto('notice').values(rows).execute();
  return toldTo;
}

/** Who can read them: neither locked accounts nor services. */
async function peopleOf(tx: Tx, to: Telling['to']): Promise<string[]> {
  const ids = [...(to.actorIds ?? [])];
  const roles = [...(to.roles ?? [])];
  if (ids.length === 0 && roles.length === 0) return [];
  let query = tx
    .selectFrom('staff')
    .select('actor_id')
    .where('locked_at', 'is', null)
    .where('role', '<>', 'service')
    .where(({ or, eb }) =>
      or([
        ...(ids.length === 0 ? [] : [eb('actor_id', 'in', ids)]),
        ...(roles.length === 0 ? [] : [eb('role', 'in', roles)]),
      ]),
    );
  const except = [...(to.except ?? [])];
  if (except.length > 0) query = query.where('actor_id', 'not in', except);
  const rows = await query.orderBy('actor_id').execute();
  return rows.map((row) => row.actor_id);
}

/** The types say it; what comes through them all the same must not be stored, mailed or shown. */
function demandPlain({ kind, severity, resource, detail }: Telling): void {
  if (!NoticeKind.safeParse(kind).success) throw noticeInvalid('kind', 'is not in the vocabulary');
  if (!NoticeSeverity.safeParse(severity).success) {
    throw noticeInvalid('severity', 'is not in the vocabulary');
  }
  const fault = resource === undefined ? undefined : tokenFault(resource);
  if (fault !== undefined) throw noticeInvalid('resource', fault);
  const wrong = factsFault(detail ?? {}, 'detail');
  if (wrong !== undefined) throw noticeInvalid(wrong.field, wrong.fault);
}
