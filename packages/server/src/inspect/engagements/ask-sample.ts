import type { SampleIn } from '@voxkeep/contract';
import { act } from '../../access/index.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { engagementError } from './engagement-error.ts';
import { type EngagementRow, lockForAuditor, startOf } from './engagement-row.ts';
import { keepPopulation } from './population.ts';
import type { EngagementDeps, Party } from './ports.ts';

/**
 * Asks for a sample of calls within the engagement's scope. What it is drawn from is written down now; its digest and
 * the commitment to the auditor's nonce are in a signed checkpoint when this resolves, to the sample's id. So neither
 * side knows the seed yet that both have fixed. Rejects with ENGAGEMENT_UNKNOWN, ENGAGEMENT_OTHER, ENGAGEMENT_STATE,
 * ENGAGEMENT_SCOPE, ENGAGEMENT_DAYS_INVALID, SAMPLE_WAITS, SAMPLE_POPULATION_EMPTY, SAMPLE_POPULATION_LARGE.
 */
export async function askSample(
  deps: EngagementDeps,
  engagementId: string,
  { calls, size, commitment }: SampleIn,
  party: Party,
): Promise<string> {
  const { actor, requestId } = party;
  const id = newUuidV7(deps.clock, deps.random);
  const tiers = [...new Set(calls.tiers)].sort();
  return act(deps, async (tx) => {
    const engagement = await lockForAuditor(deps, tx, engagementId, party);
    demandScope(engagement, calls, tiers);
    const number = await nextNumber(tx, engagementId);
    const reach = { from: startOf(deps, calls.from), before: startOf(deps, calls.to, 1), tiers };
    const population = await keepPopulation(tx, id, reach);
    const { count } = population;
    if (count < size) {
      const message = `${size} cannot be drawn from ${count} calls`;
      throw engagementError('SAMPLE_POPULATION_EMPTY', message, 'body/size');
    }
    const root = population.root.toString('hex');
    await tx
      .insertInto('engagement_sample')
      .values({
        ...{ id, engagement_id: engagementId, number, state: 'asked', size, commitment, tiers },
        ...{ calls_from: calls.from, calls_to: calls.to },
        ...{ population_count: count, population_root: root },
        ...{ asked_by: actor.id, asked_at: deps.clock.now() },
      })
      .execute();
    return {
      answer: id,
      entry: {
        ...{ actor, action: 'engagement.sample', resource: id, outcome: 'ok', requestId },
        detail: {
          ...{ engagement: engagementId, number, size, count, from: calls.from, to: calls.to },
          ...{ tiers: tiers.join('+'), population: `d${root}`, commitment: `d${commitment}` },
        },
      },
    };
  });
}

function demandScope(
  { calls_from, calls_to, tiers: within }: EngagementRow,
  { from, to }: SampleIn['calls'],
  tiers: readonly string[],
): void {
  const outside = (field: string) =>
    engagementError('ENGAGEMENT_SCOPE', `${field}: is outside the engagement`, field);
  if (from < calls_from) throw outside('body/calls/from');
  if (to > calls_to || to < from) throw outside('body/calls/to');
  if (tiers.some((tier) => !within.includes(tier))) throw outside('body/calls/tiers');
}

/** Rejects with SAMPLE_WAITS while another one waits: nobody asks for many to draw the one that they like. */
async function nextNumber(tx: Tx, engagementId: string): Promise<number> {
  const rows = await tx
    .selectFrom('engagement_sample')
    .select(['number', 'state'])
    .where('engagement_id', '=', engagementId)
    .execute();
  if (rows.some(({ state }) => state === 'asked')) {
    throw engagementError('SAMPLE_WAITS', 'another sample waits for its nonce');
  }
  return rows.length + 1;
}
