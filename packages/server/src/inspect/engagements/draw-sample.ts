import { createHash } from 'node:crypto';
import { canonicalDigest, drawPositions, sampleSeed } from '@voxkeep/proof';
import { act } from '../../access/index.ts';
import { notYet } from '../../ledger/index.ts';
import { engagementError } from './engagement-error.ts';
import { lockForAuditor } from './engagement-row.ts';
import { idsAt } from './population.ts';
import type { EngagementDeps, Party } from './ports.ts';
import { askedTree, lockAsked } from './sample-row.ts';

/** A sample of an engagement. */
export interface OneSample {
  engagementId: string;
  sampleId: string;
}

/**
 * Draws a sample, by the nonce that its commitment is of and the root of the first tree that holds its request; what
 * was drawn stands in the ledger. Rejects with ENGAGEMENT_UNKNOWN, ENGAGEMENT_OTHER, ENGAGEMENT_STATE, SAMPLE_UNKNOWN,
 * SAMPLE_STATE, SAMPLE_NONCE_WRONG; LEDGER_UNAVAILABLE and LEDGER_RESTORING, retry later.
 */
export async function drawSample(
  deps: EngagementDeps,
  { engagementId, sampleId }: OneSample,
  nonce: string,
  party: Party,
): Promise<void> {
  const { actor, requestId } = party;
  const bytes = Buffer.from(nonce, 'hex');
  await act(deps, async (tx) => {
    await lockForAuditor(deps, tx, engagementId, party);
    const row = await lockAsked(tx, engagementId, sampleId);
    if (createHash('sha256').update(bytes).digest('hex') !== row.commitment) {
      const message = 'the nonce is not the one that was committed to';
      throw engagementError('SAMPLE_NONCE_WRONG', message, 'body/nonce');
    }
    const tree = await askedTree(tx, sampleId);
    if (tree === undefined) throw notYet('the request for the sample');
    const seed = sampleSeed(bytes, tree.root);
    const positions = drawPositions(seed, row.population_count, row.size);
    const ids = await idsAt(tx, sampleId, positions);
    await tx
      .insertInto('engagement_drawn')
      .values(
        positions.map((position, place) => ({
          ...{ sample_id: sampleId, place, position, record_id: ids[place] ?? '' },
        })),
      )
      .execute();
    await tx
      .updateTable('engagement_sample')
      .set({
        ...{ state: 'drawn', nonce, seed: seed.toString('hex') },
        ...{ ended_by: actor.id, ended_at: deps.clock.now() },
      })
      .where('id', '=', sampleId)
      .execute();
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'engagement.draw', resource: sampleId, outcome: 'ok', requestId },
        detail: {
          ...{ engagement: engagementId, number: row.number, nonce: `d${nonce}` },
          ...{ seed: `d${seed.toString('hex')}`, drawn: canonicalDigest(ids) },
        },
      },
    };
  });
}

/**
 * Gives up a sample that is not drawn: its number stays, and the ledger says so. Rejects as drawing does, but for the
 * nonce.
 */
export async function giveUpSample(
  deps: EngagementDeps,
  { engagementId, sampleId }: OneSample,
  party: Party,
): Promise<void> {
  const { actor, requestId } = party;
  await act(deps, async (tx) => {
    await lockForAuditor(deps, tx, engagementId, party);
    const { number } = await lockAsked(tx, engagementId, sampleId);
    await tx
      .updateTable('engagement_sample')
      .set({ state: 'given_up', ended_by: actor.id, ended_at: deps.clock.now() })
      .where('id', '=', sampleId)
      .execute();
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'engagement.give_up', resource: sampleId, outcome: 'ok', requestId },
        detail: { engagement: engagementId, number },
      },
    };
  });
}
