import { sql } from 'kysely';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ObjectId } from '../../core/ids.ts';
import type { Pool } from '../../record/vocabulary.ts';
import { noteSiteClear } from '../../retire/disposal/certificate/note-site-clear.ts';
import type { DisposalDeps } from './deps.ts';

const BATCH = 200;
const FIRST_DELAY_MS = 5_000;
const MOST_DELAY_MS = 900_000;

interface Pending {
  object_id: string;
  site: string;
  record_id: string;
  pool: string;
  attempts: number;
}

/**
 * Destroys what disposals have left to be destroyed: envelopes, then bytes, site after site. A site that does
 * not answer is tried again, ever later, for as long as it takes; bytes that it keeps locked go when the lock
 * ends. A record of which no site has an envelope any more is noted as unreadable. Resolves to how many went,
 * and how many are left for later. `site` is one alone, whenever it was to be tried again.
 */
export async function settleDestructions(
  deps: DisposalDeps,
  { site, signal }: { site?: string; signal?: AbortSignal } = {},
): Promise<{ destroyed: number; left: number }> {
  const sum = { destroyed: 0, left: 0 };
  let after: { objectId: string; site: string } | undefined;
  for (;;) {
    const due = await nextOf(deps, site, after);
    if (due.length === 0) return sum;
    for (const one of due) {
      if (signal?.aborted === true) return sum;
      if (await destroyOne(deps, one)) sum.destroyed += 1;
      else sum.left += 1;
      after = { objectId: one.object_id, site: one.site };
    }
  }
}

async function nextOf(
  deps: DisposalDeps,
  site: string | undefined,
  after: { objectId: string; site: string } | undefined,
): Promise<Pending[]> {
  let query = deps.db
    .selectFrom('pending_destruction')
    .select(['object_id', 'site', 'record_id', 'pool', 'attempts'])
    .orderBy('object_id')
    .orderBy('site')
    .limit(BATCH);
  if (site === undefined) query = query.where('not_before', '<=', deps.clock.now());
  else query = query.where('site', '=', site).where('envelope_gone', '=', false);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(object_id, site) > (${after.objectId}::uuid, ${after.site})`);
  }
  return query.execute();
}

/** Whether all that was to be destroyed there is. */
async function destroyOne(deps: DisposalDeps, one: Pending): Promise<boolean> {
  const object = { id: one.object_id as ObjectId, pool: one.pool as Pool };
  let whole: boolean;
  try {
    whole = await deps.vault.destroyAt(object, one.site);
  } catch (error) {
    await postpone(deps, one, error);
    return false;
  }
  await deps.db.transaction().execute(async (tx) => {
    // In turns: of two that take a record's last, the later one sees that it is the last.
    await tx
      .selectFrom('disposal')
      .select('record_id')
      .where('record_id', '=', one.record_id)
      .forUpdate()
      .execute();
    if (whole) await forget(tx, one);
    else await waitForLock(deps, tx, one);
    await noteSiteClear(tx, one, deps.clock.now());
    await noteUnreadable(deps, tx, one.record_id);
  });
  return whole;
}

const forget = (tx: Tx, { object_id, site }: Pending) =>
  tx
    .deleteFrom('pending_destruction')
    .where('object_id', '=', object_id)
    .where('site', '=', site)
    .execute();

async function waitForLock(
  deps: DisposalDeps,
  tx: Tx,
  { object_id, site, record_id, attempts }: Pending,
): Promise<void> {
  const until = (await lockOf(tx, record_id, object_id, site)) ?? later(deps, attempts);
  await tx
    .updateTable('pending_destruction')
    .set({ envelope_gone: true, last_error: 'OBJECT_LOCKED', attempts: attempts + 1 })
    .set({ not_before: until > deps.clock.now() ? until : later(deps, attempts) })
    .where('object_id', '=', object_id)
    .where('site', '=', site)
    .execute();
  await tx
    .updateTable('disposal')
    .set({ locked_until: sql`greatest(locked_until, ${until})` })
    .where('record_id', '=', record_id)
    .execute();
}

/** Until when the copy was known to be locked. */
async function lockOf(tx: Tx, recordId: string, objectId: string, site: string) {
  const { rows } = await sql<{ until: string }>`
    select c->>'lockedUntil' as until from disposal d,
      jsonb_array_elements(d.facts::jsonb->'objects') o, jsonb_array_elements(o->'copies') c
    where d.record_id = ${recordId} and o->>'id' = ${objectId} and c->>'site' = ${site}
      and c ? 'lockedUntil'`.execute(tx);
  const [found] = rows;
  return found === undefined ? undefined : new Date(found.until);
}

const later = ({ clock }: DisposalDeps, attempts: number) =>
  new Date(
    clock.now().getTime() + Math.min(MOST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts, 10)),
  );

async function postpone(deps: DisposalDeps, one: Pending, error: unknown): Promise<void> {
  await deps.db
    .updateTable('pending_destruction')
    .set({
      ...{ attempts: one.attempts + 1, not_before: later(deps, one.attempts) },
      last_error: error instanceof ArchiveError ? error.code : 'DESTRUCTION_FAILED',
    })
    .where('object_id', '=', one.object_id)
    .where('site', '=', one.site)
    .execute();
}

async function noteUnreadable(deps: DisposalDeps, tx: Tx, recordId: string): Promise<void> {
  const done = await tx
    .updateTable('disposal')
    .set({ unreadable_at: deps.clock.now() })
    .where('record_id', '=', recordId)
    .where('unreadable_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('pending_destruction')
            .select('object_id')
            .where('record_id', '=', recordId)
            .where('envelope_gone', '=', false),
        ),
      ),
    )
    .returning(['digest', 'locked_until'])
    .executeTakeFirst();
  if (done === undefined) return;
  await deps.audit.append(tx, {
    ...{ actor: ARCHIVE_ACTOR, action: 'record.unreadable', resource: recordId, outcome: 'ok' },
    detail: {
      digest: done.digest,
      ...(done.locked_until === null ? {} : { lockedUntil: done.locked_until.toISOString() }),
    },
  });
}
