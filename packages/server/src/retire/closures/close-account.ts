import { createHmac } from 'node:crypto';
import type { Actor } from '../../core/audit.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { dayOf, formatDay, parseDay, startOfDay } from '../../core/zone.ts';
import { type Reach, watchAlone, watchPerson } from '../restrictions/index.ts';
import { closureError } from './closure-error.ts';
import type { ClosureDeps, ToldClosure } from './ports.ts';

/**
 * Takes word of a closed account: its records are restricted by a walk that begins now, and calls that
 * arrive later as they come. Told again the same, nothing happens. Rejects with CLOSURE_CONFLICT where the
 * reference was told with other content, CLOSURE_DAY_INVALID for a day that is none or is to come.
 */
export async function closeAccount(
  deps: ClosureDeps,
  told: ToldClosure,
  actor: Actor,
  requestId: string,
): Promise<{ id: string; created: boolean }> {
  demandPast(deps, told.closedOn);
  const reference = referenceDigest(deps.watchKey, told.reference);
  const { sourceSystem, account, phone = '', closedOn } = told;
  const content = digest(
    deps.watchKey,
    'closure',
    canonicalJson({ reference: told.reference, sourceSystem, account, phone, closedOn }),
  );
  const { id, outboxId } = await deps.db.transaction().execute(async (tx) => {
    await watchAlone(tx);
    const known = await tx
      .selectFrom('account_closure')
      .select(['id', 'content_digest'])
      .where('reference_digest', '=', reference)
      .executeTakeFirst();
    if (known !== undefined) {
      if (known.content_digest.equals(content)) return { id: known.id, outboxId: undefined };
      const message = 'this reference was told with another account or day';
      throw closureError('CLOSURE_CONFLICT', message, 'body/reference');
    }
    return enter(deps, tx, { told, reference, content }, actor, requestId);
  });
  if (outboxId === undefined) return { id, created: false };
  await deps.audit.settle(outboxId);
  return { id, created: true };
}

async function enter(
  deps: ClosureDeps,
  tx: Tx,
  { told, reference, content }: { told: ToldClosure; reference: Buffer; content: Buffer },
  actor: Actor,
  requestId: string,
): Promise<{ id: string; outboxId: string }> {
  const id = newUuidV7(deps.clock);
  await tx
    .insertInto('account_closure')
    .values({
      ...{ id, reference_digest: reference, content_digest: content, closed_on: told.closedOn },
      sealed: deps.texts.seal(id, Buffer.from(JSON.stringify(told))),
      ...{ told_by: actor.id, told_at: deps.clock.now() },
      ...{ reached_at: null, reached_id: null, walked_at: null },
    })
    .execute();
  await watchPerson(deps, tx, told, { id, kind: 'closure' }, reachOf(deps.timeZone, told));
  await deps.queue.walkClosure(tx, id);
  const { outboxId } = await deps.audit.append(tx, {
    ...{ actor, action: 'subject.closure', resource: id, outcome: 'ok', requestId },
    detail: { state: 'told', closedOn: told.closedOn, commitment: `c${content.toString('hex')}` },
  });
  return { id, outboxId };
}

/** The account's calls whenever they were; calls from its number only until the day it was closed. */
export function reachOf(timeZone: string, { closedOn }: Pick<ToldClosure, 'closedOn'>): Reach {
  return { phoneBefore: dayAfter(timeZone, closedOn), bound: true };
}

/** The instant at which a day of the archive's zone is over. */
export function dayAfter(timeZone: string, day: string): Date {
  const { year, month, day: ofMonth } = parseDay(day) ?? { year: 1970, month: 1, day: 1 };
  return startOfDay(timeZone, { year, month, day: ofMonth + 1 });
}

function demandPast({ clock, timeZone }: ClosureDeps, closedOn: string): void {
  const today = formatDay(dayOf(timeZone, clock.now()));
  if (parseDay(closedOn) !== undefined && closedOn <= today) return;
  throw closureError('CLOSURE_DAY_INVALID', 'is no day until today', 'body/closedOn');
}

export const referenceDigest = (watchKey: Buffer, reference: string): Buffer =>
  digest(watchKey, 'closure-reference', reference);

const digest = (key: Buffer, what: string, text: string): Buffer =>
  createHmac('sha256', key).update(`${what}\0${text}`).digest();
