import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Queryable, Tx } from '../../core/database.ts';
import { type Cause, findPerson, lift, restrict } from '../restrictions/index.ts';
import { noteSearch } from './enter-request.ts';
import type { SubjectDeps } from './ports.ts';
import {
  askedIn,
  lockRequest,
  type Outcome,
  type RequestRow,
  reachOf,
  sealText,
} from './request-row.ts';

/** In one transaction: short enough for a call that is archived meanwhile to wait for. */
const AT_ONCE = 200;

/**
 * Does what was granted, or takes back what was withdrawn, some hundred records at a time, from where an
 * earlier walk came to. Does nothing where nothing is left to do.
 */
export async function walkRequest(deps: SubjectDeps, requestId: string): Promise<void> {
  for (let more = true; more; ) {
    const done = await deps.db.transaction().execute(async (tx) => {
      const row = await lockRequest(tx, requestId);
      if (row.kind === 'erasure' && row.state === 'granted') return restrictSome(deps, tx, row);
      if (row.kind === 'erasure' && row.state === 'withdrawn') return liftSome(deps, tx, row);
      if (row.kind === 'correction' && row.state === 'granted') return correctAll(deps, tx, row);
      return { changed: [], more: false };
    });
    for (const recordId of done.changed) deps.dropKeys(recordId);
    more = done.more;
  }
}

/** Walks that were begun and did not come to their end, as when the archive was stopped or rebuilt. */
export async function unwalkedRequests(db: Queryable): Promise<string[]> {
  const rows = await db
    .selectFrom('subject_request')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'granted'), eb('kind', '!=', 'copy')]),
        eb.and([
          eb('state', '=', 'withdrawn'),
          eb.exists(
            eb
              .selectFrom('record_restriction')
              .select('cause_id')
              .whereRef('cause_id', '=', 'subject_request.id'),
          ),
        ]),
      ]),
    )
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

interface Walked {
  changed: readonly string[];
  more: boolean;
}

const causeOf = (row: RequestRow): Cause => ({
  ...{ id: row.id, kind: 'erasure', actor: ARCHIVE_ACTOR },
});

async function restrictSome(deps: SubjectDeps, tx: Tx, row: RequestRow): Promise<Walked> {
  const { id, reached_at: startedAt, reached_id: reachedId } = row;
  const after = startedAt === null || reachedId === null ? undefined : { id: reachedId, startedAt };
  const asked = askedIn(deps, row);
  const found = await findPerson(tx, deps, asked, reachOf(deps, row), { after, limit: AT_ONCE });
  await noteSearch(deps, tx, id, ARCHIVE_ACTOR, found.length);
  const ids = found.map((call) => call.id);
  const changed = await restrict(deps, tx, ids, causeOf(row));
  const last = found.at(-1);
  if (last === undefined || found.length < AT_ONCE) {
    await end(deps, tx, row);
    return { changed, more: false };
  }
  const reached = { reached_at: last.startedAt, reached_id: last.id };
  await tx.updateTable('subject_request').set(reached).where('id', '=', id).execute();
  return { changed, more: true };
}

async function liftSome(deps: SubjectDeps, tx: Tx, row: RequestRow): Promise<Walked> {
  let query = tx
    .selectFrom('record_restriction')
    .select('record_id')
    .where('cause_id', '=', row.id)
    .orderBy('record_id')
    .limit(AT_ONCE);
  // What was disposed of meanwhile keeps its restriction, and is passed over.
  if (row.reached_id !== null) query = query.where('record_id', '>', row.reached_id);
  const ids = (await query.execute()).map((one) => one.record_id);
  const last = ids.at(-1);
  if (last === undefined) return { changed: [], more: false };
  await lift(deps, tx, ids, causeOf(row));
  await tx
    .updateTable('subject_request')
    .set({ reached_id: last })
    .where('id', '=', row.id)
    .execute();
  return { changed: [], more: true };
}

async function correctAll(deps: SubjectDeps, tx: Tx, row: RequestRow): Promise<Walked> {
  const { corrections = [] } = askedIn(deps, row);
  const outcome: Outcome = [];
  // In one order everywhere, so that two that lock several do not wait in a ring.
  for (const one of corrections.toSorted((a, b) => a.recordId.localeCompare(b.recordId))) {
    const stood = await deps.correct(tx, one, row.id, row.decided_by ?? ARCHIVE_ACTOR.id);
    if (stood !== undefined) outcome.push({ ...one, before: stood.before });
  }
  await tx
    .updateTable('subject_request')
    .set({ sealed_outcome: sealText(deps, row.id, 'outcome', JSON.stringify(outcome)) })
    .where('id', '=', row.id)
    .execute();
  await end(deps, tx, row);
  return { changed: [], more: false };
}

async function end(deps: SubjectDeps, tx: Tx, row: RequestRow): Promise<void> {
  await tx
    .updateTable('subject_request')
    .set({ state: 'done', ended_at: deps.clock.now() })
    .where('id', '=', row.id)
    .execute();
  await deps.audit.append(tx, {
    ...{ actor: ARCHIVE_ACTOR, action: 'subject.decide', resource: row.id, outcome: 'ok' },
    detail: { kind: row.kind, decision: 'done' },
  });
}
