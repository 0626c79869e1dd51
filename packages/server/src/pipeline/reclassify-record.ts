import type { Actor } from '../core/audit.ts';
import type { Tx } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import { reclassify } from '../index/index.ts';
import { stricterTier, type Tier } from '../record/vocabulary.ts';
import { assignCase } from './assign-case.ts';
import type { PipelineDeps } from './deps.ts';
import { type RecordRow, recordRow } from './record-row.ts';

/** For how long the first person's word waits for the second's. */
const WAITS_MS = 7 * 86_400_000;

export interface Reclassification {
  tier: Tier;
  actor: Actor;
  /** Who it is, whichever account is used. */
  person: string;
  /** Commitment to the reason, which is kept sealed elsewhere: hex. */
  commitment: string;
  requestId: string;
}

/**
 * Gives a record another tier by a person's judgement. To a stricter one at once: what the old tier
 * allowed ends with the next request and within a second of any stream; the objects follow. To a less
 * strict one when a second person asks for the same. Rejects with RECORD_UNKNOWN, RECORD_NOT_READY,
 * TIER_UNCHANGED.
 */
export async function reclassifyRecord(
  deps: PipelineDeps,
  recordId: RecordId,
  change: Reclassification,
): Promise<'done' | 'awaits-second-person'> {
  const { tier, actor, commitment, requestId } = change;
  const { done, outboxId } = await deps.db.transaction().execute(async (tx) => {
    const row = await recordRow(tx, recordId, true);
    const from = demandSettled(row, tier);
    const looser = stricterTier(from, tier) === from;
    const second = !looser || (await isSecond(deps, tx, recordId, change));
    const term = second ? await setTier(deps, tx, row, tier) : undefined;
    const written = await deps.audit.append(tx, {
      ...{ actor, action: 'record.classify', resource: recordId, outcome: 'ok', requestId },
      purpose: { category: 'reclassification', commitment },
      detail: {
        ...{ from, to: tier, state: second ? 'done' : 'awaits-second-person' },
        // A tier has its own minimum: what it was, where that has changed.
        ...(term?.before === undefined || term.before === term.keepUntil
          ? {}
          : { keptUntil: term.before, keepUntil: term.keepUntil }),
      },
    });
    return { done: second, outboxId: written.outboxId };
  });
  await deps.audit.settle(outboxId);
  return done ? 'done' : 'awaits-second-person';
}

function demandSettled(row: RecordRow, tier: Tier): Tier {
  if ((row.state !== 'archived' && row.state !== 'restricted') || row.tier === undefined) {
    throw new ArchiveError('RECORD_NOT_READY', `the record is ${row.state}, not archived`);
  }
  if (row.tier !== tier) return row.tier;
  throw new ArchiveError('TIER_UNCHANGED', `the record is ${tier} already`, { field: 'body/tier' });
}

/** Whether another person has asked for the same; else this one's word is kept for them. */
async function isSecond(
  deps: PipelineDeps,
  tx: Tx,
  recordId: RecordId,
  { tier, actor, person }: Reclassification,
): Promise<boolean> {
  const now = deps.clock.now();
  const first = await tx
    .selectFrom('reclassification')
    .selectAll()
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  const fresh = first !== undefined && first.at.getTime() > now.getTime() - WAITS_MS;
  // An account that was given another person number in between is not another person.
  const another = first?.person !== person && first?.actor_id !== actor.id;
  if (fresh && first.tier === tier && another) return true;
  const words = { tier, actor_id: actor.id, person, at: now };
  await tx
    .insertInto('reclassification')
    .values({ record_id: recordId, ...words })
    .onConflict((conflict) => conflict.column('record_id').doUpdateSet(words))
    .execute();
  return false;
}

async function setTier(
  deps: PipelineDeps,
  tx: Tx,
  row: RecordRow,
  tier: Tier,
): ReturnType<PipelineDeps['giveTerm']> {
  await tx.deleteFrom('reclassification').where('record_id', '=', row.id).execute();
  await tx.updateTable('record').set({ tier }).where('id', '=', row.id).execute();
  await reclassify(tx, { id: row.id, startedAt: row.startedAt }, { tier });
  await deps.catchHolds(tx, row.id);
  if (tier === 'core') await assignCase(tx, row.id, deps.crisisTeam, 'archive', deps.clock.now());
  await deps.queue.move(tx, row.id);
  return deps.giveTerm(tx, row.id);
}
