import { createHash } from 'node:crypto';
import type { HoldIn, TooLate } from '@voxkeep/contract';
import { sql } from 'kysely';
import { act, isOfTheHouse } from '../../access/index.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { halfDigest } from '../../core/plain-facts.ts';
import { holdError } from './hold-error.ts';
import { holdSearches } from './hold-gate.ts';
import { commitTo, sealSearch, sealWords } from './hold-words.ts';
import type { HoldDeps, Officer } from './ports.ts';

/** Waited too long for a lock. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Places a hold: the chosen records are held from the commit on, and what its search finds as well, though
 * the walk has not noted it yet. Records that are disposed of already, or that never were, are named; all
 * others are held. Rejects with SEARCH_QUERY_INVALID, SEARCH_TEXT_TOO_SHORT, HOLD_CUSTODIAN_UNKNOWN naming
 * the field, and with HOLD_BUSY for a search while records are held up on their way.
 */
export async function placeHold(
  deps: HoldDeps,
  asked: HoldIn,
  officer: Officer,
): Promise<{ id: string; tooLate: TooLate[] }> {
  const { matter, reason, custodians, recordIds = [], search } = asked;
  if (search !== undefined) deps.searches.condition(search);
  await demandCustodians(deps, custodians);
  const { actor, person, requestId } = officer;
  const id = newUuidV7(deps.clock, deps.random);
  const placer = { account: actor.id, person };
  const words = { matter, reason, placer };
  return act(deps, async (tx) => {
    const now = deps.clock.now();
    const found = await lockRecords(tx, recordIds);
    await tx
      .insertInto('legal_hold')
      .values({
        ...{ id, placed_by: actor.id, placed_at: now, caught_up_to: null },
        sealed: sealWords(deps.texts, id, words),
        sealed_query: search === undefined ? null : sealSearch(deps.texts, id, search),
        ...{ released_by: null, released_at: null, sealed_release: null },
      })
      .execute();
    await insertHeld(tx, id, found.living, now);
    await tellCustodians(deps, tx, id, custodians, now);
    if (search !== undefined) await holdSearches(tx).catch(busy);
    return {
      answer: { id, tooLate: found.tooLate },
      entry: {
        ...{ actor, action: 'hold.create', resource: id, outcome: 'ok', requestId },
        purpose: {
          category: 'legal-hold',
          commitment: commitTo(deps.commitmentKey, id, { ...words, search: search ?? null }),
        },
        detail: {
          ...{ records: found.living.length, tooLate: found.tooLate.length },
          ...{ search: search !== undefined, custodians: new Set(custodians).size },
          ...(found.living.length === 0 ? {} : { recordsDigest: digestOf(found.living) }),
        },
      },
    };
  });
}

/** Locks the records in the order of their ids; those that no hold can keep any more are named. */
export async function lockRecords(
  tx: Tx,
  recordIds: readonly string[],
): Promise<{ living: string[]; tooLate: TooLate[] }> {
  const asked = [...new Set(recordIds)].toSorted();
  if (asked.length === 0) return { living: [], tooLate: [] };
  const { rows } = await sql<{ id: string; state: string }>`select id, state from record
    where id = any (${asked}::uuid[]) order by id for update`.execute(tx);
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const living = asked.filter((id) => states.has(id) && states.get(id) !== 'disposed');
  const tooLate = asked.flatMap((recordId): TooLate[] => {
    const state = states.get(recordId);
    if (state === undefined) return [{ recordId, why: 'unknown' }];
    return state === 'disposed' ? [{ recordId, why: 'disposed' }] : [];
  });
  return { living, tooLate };
}

/** Resolves to how many it did not keep before. The records' rows are locked. */
export async function insertHeld(
  tx: Tx,
  holdId: string,
  recordIds: readonly string[],
  now: Date,
): Promise<number> {
  if (recordIds.length === 0) return 0;
  const { rows } = await sql`insert into held_record (record_id, hold_id, held_at)
    select id, ${holdId}::uuid, ${now} from unnest(${[...recordIds]}::uuid[]) id
    on conflict do nothing returning record_id`.execute(tx);
  return rows.length;
}

/** Half the SHA-256 of the records' ids, sorted, a line each. */
export const digestOf = (recordIds: readonly string[]): string =>
  halfDigest(createHash('sha256').update(recordIds.toSorted().join('\n')).digest('hex'));

async function demandCustodians(deps: HoldDeps, custodians: readonly string[]): Promise<void> {
  for (const [at, id] of custodians.entries()) {
    const account = await deps.accountOf(id);
    if (account !== undefined && !account.locked && isOfTheHouse(account.role)) continue;
    const message = 'is no account of somebody of the house who can sign in';
    throw holdError('HOLD_CUSTODIAN_UNKNOWN', message, { field: `body/custodians/${at}` });
  }
}

async function tellCustodians(
  deps: HoldDeps,
  tx: Tx,
  holdId: string,
  custodians: readonly string[],
  now: Date,
): Promise<void> {
  const actorIds = [...new Set(custodians)];
  if (actorIds.length === 0) return;
  await tx
    .insertInto('hold_custodian')
    .values(
      actorIds.map((actorId) => ({
        ...{ hold_id: holdId, actor_id: actorId, told_at: now },
        ...{ acknowledged_at: null, release_acknowledged_at: null },
      })),
    )
    .execute();
  await deps.notices.tell(tx, {
    ...{ to: { actorIds }, kind: 'hold.placed', severity: 'action', resource: holdId },
  });
}

function busy(error: unknown): never {
  if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
  const message = 'records are being archived or disposed of and take long; try again';
  throw holdError('HOLD_BUSY', message, { retry: 'later' });
}
