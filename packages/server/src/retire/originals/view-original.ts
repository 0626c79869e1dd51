import type { AskedWait, AskedWaitsView, OriginalView } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { OriginalTables } from '../../core/tables/originals.ts';
import { neededUntil } from './needed-until.ts';
import { originalError } from './original-error.ts';
import type { OriginalDeps } from './ports.ts';

type WaitRow = Selectable<OriginalTables['original_wait']>;
type ViewDeps = Omit<OriginalDeps, 'audit' | 'notices' | 'random'>;
/** Keyed hash of whoever looks; undefined for an account that names no person. */
type Person = string | undefined;

/**
 * Whether a record's original is there, until when it is needed and why, and every question about it. Rejects with
 * RECORD_UNKNOWN.
 */
export async function viewOriginal(
  deps: ViewDeps,
  person: Person,
  recordId: string,
): Promise<OriginalView> {
  const { db } = deps;
  const record = await db
    .selectFrom('record')
    .select('id')
    .where('id', '=', recordId)
    .executeTakeFirst();
  if (record === undefined) throw originalError('RECORD_UNKNOWN', `no record ${recordId}`, 'id');
  const originals = await db
    .selectFrom('sealed_object')
    .select('destroyed_at')
    .where('record_id', '=', recordId)
    .where('pool', '=', 'quarantine')
    .where('purpose', '=', 'original')
    .orderBy('id')
    .execute();
  const there = originals.some((one) => one.destroyed_at === null);
  const gone = there ? undefined : originals.at(-1)?.destroyed_at;
  const needed = there ? await neededUntil(deps, db, recordId) : undefined;
  const held = await db
    .selectFrom('held_record')
    .select('hold_id')
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  const waits = await db
    .selectFrom('original_wait')
    .selectAll()
    .where('record_id', '=', recordId)
    .orderBy('id', 'desc')
    .execute();
  return {
    ...{ recordId, there, held: held !== undefined },
    ...(gone === undefined || gone === null ? {} : { destroyedAt: gone.toISOString() }),
    ...(needed === undefined
      ? {}
      : {
          needed: {
            ...{ until: needed.until.toISOString(), days: needed.days, atMost: needed.atMost },
            ...(needed.businessType === undefined ? {} : { businessType: needed.businessType }),
            ...(needed.grantedUntil === undefined ? {} : { grantedUntil: needed.grantedUntil }),
          },
        }),
    waits: await Promise.all(waits.map((row) => shown(deps, person, row, there))),
  };
}

/** Questions that wait for a decision while their original is there, the oldest first. */
export async function viewAsked(deps: ViewDeps, person: Person): Promise<AskedWaitsView> {
  const rows = await deps.db
    .selectFrom('original_wait as w')
    .selectAll('w')
    .where('w.state', '=', 'asked')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('sealed_object as o')
          .select('o.id')
          .whereRef('o.record_id', '=', 'w.record_id')
          .where('o.pool', '=', 'quarantine')
          .where('o.purpose', '=', 'original')
          .where('o.destroyed_at', 'is', null),
      ),
    )
    .orderBy('w.id')
    .limit(MOST_SHOWN)
    .execute();
  return { waits: await Promise.all(rows.map((row) => shown(deps, person, row, true))) };
}

const MOST_SHOWN = 200;

async function shown(
  deps: ViewDeps,
  person: Person,
  row: WaitRow,
  there: boolean,
): Promise<AskedWait> {
  const decisions = await deps.db
    .selectFrom('original_wait_decision as d')
    .leftJoin('staff as s', 's.actor_id', 'd.actor_id')
    .select(['d.actor_id', 'd.person', 'd.decision', 'd.at', 'd.sealed_reason', 's.display_name'])
    .where('d.wait_id', '=', row.id)
    .orderBy('d.at')
    .execute();
  const asker = await deps.db
    .selectFrom('staff')
    .select('display_name')
    .where('actor_id', '=', row.asked_by)
    .executeTakeFirst();
  const isParty = row.person === person || decisions.some((one) => one.person === person);
  const words = (sealed: Buffer) => deps.texts.open(row.id, sealed).toString();
  return {
    ...{ id: row.id, recordId: row.record_id, until: row.until },
    state: stateOf(row.state),
    askedBy: party(row.asked_by, asker?.display_name),
    ...{ askedAt: row.asked_at.toISOString(), reason: words(row.sealed_reason) },
    decisions: decisions.map((one) => ({
      by: party(one.actor_id, one.display_name),
      decision: one.decision === 'approved' ? ('approved' as const) : ('rejected' as const),
      at: one.at.toISOString(),
      ...(one.sealed_reason === null ? {} : { reason: words(one.sealed_reason) }),
    })),
    mayDecide: there && row.state === 'asked' && person !== undefined && !isParty,
  };
}

const party = (id: string, name: string | null | undefined) => ({
  ...{ id },
  ...(name === null || name === undefined ? {} : { name }),
});

function stateOf(state: string): AskedWait['state'] {
  if (state === 'granted' || state === 'refused') return state;
  return 'asked';
}
