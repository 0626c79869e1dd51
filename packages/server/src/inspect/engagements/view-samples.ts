import { SampleState, type SamplesView, type SampleView, Tier } from '@voxkeep/contract';
import type { OneSample } from './draw-sample.ts';
import { type Names, namesOf, partyIn } from './names.ts';
import { populationParts } from './population.ts';
import type { EngagementDeps, Onlooker } from './ports.ts';
import { askedTree, type SampleRow, sampleRow } from './sample-row.ts';
import { noteLook } from './view-engagements.ts';

const MOST = 200;

/** Samples of an engagement, the newest first, without their calls. Rejects with ENGAGEMENT_UNKNOWN. */
export async function listSamples(
  deps: EngagementDeps,
  engagementId: string,
  viewer: Onlooker,
): Promise<SamplesView> {
  await noteLook(deps, engagementId, 'samples', viewer);
  const rows = await deps.db
    .selectFrom('engagement_sample')
    .selectAll()
    .where('engagement_id', '=', engagementId)
    .orderBy('number', 'desc')
    .limit(MOST)
    .execute();
  const names = await namesOf(
    deps.db,
    rows.map((row) => row.asked_by),
  );
  return { samples: rows.map((row) => present(names, row)) };
}

/** One with its calls, for who has just changed it or looks. Rejects with SAMPLE_UNKNOWN; LEDGER_RESTORING, retry later. */
export async function viewSample(
  deps: EngagementDeps,
  { engagementId, sampleId }: OneSample,
): Promise<SampleView> {
  const row = await sampleRow(deps.db, engagementId, sampleId);
  const tree = await askedTree(deps.db, sampleId);
  const drawn = await deps.db
    .selectFrom('engagement_drawn')
    .select(['record_id', 'position'])
    .where('sample_id', '=', sampleId)
    .orderBy('place')
    .execute();
  return {
    ...present(await namesOf(deps.db, [row.asked_by]), row),
    ...(tree === undefined
      ? {}
      : {
          asked: {
            ...{ entry: tree.entry.index, treeSize: tree.size },
            root: tree.root.toString('base64'),
          },
        }),
    records: drawn.map(({ record_id: recordId, position }) => ({ recordId, position })),
  };
}

/** The same, and that somebody looked is on the ledger. Rejects with ENGAGEMENT_UNKNOWN, too. */
export async function showSample(
  deps: EngagementDeps,
  one: OneSample,
  viewer: Onlooker,
): Promise<SampleView> {
  await noteLook(deps, one.engagementId, 'sample', viewer);
  return viewSample(deps, one);
}

/** Ids of the calls that a sample is drawn from, one a line, ascending. Rejects as above. */
export async function populationLines(
  deps: EngagementDeps,
  { engagementId, sampleId }: OneSample,
  viewer: Onlooker,
): Promise<AsyncIterable<string>> {
  await noteLook(deps, engagementId, 'population', viewer);
  await sampleRow(deps.db, engagementId, sampleId);
  return linesOf(populationParts(deps.db, sampleId));
}

async function* linesOf(parts: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const ids of parts) yield ids.map((id) => `${id}\n`).join('');
}

function present(names: Names, row: SampleRow): SampleView {
  return {
    ...{ id: row.id, engagementId: row.engagement_id, number: row.number },
    state: SampleState.parse(row.state),
    calls: { from: row.calls_from, to: row.calls_to, tiers: Tier.array().parse(row.tiers) },
    population: { count: row.population_count, root: row.population_root },
    ...{ size: row.size, commitment: row.commitment, records: [] },
    ...{ askedBy: partyIn(names, row.asked_by), askedAt: row.asked_at.toISOString() },
    ...(row.nonce === null ? {} : { nonce: row.nonce }),
    ...(row.seed === null ? {} : { seed: row.seed }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at.toISOString() }),
  };
}
