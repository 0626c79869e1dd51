import type { RecordRetention } from '@voxkeep/contract';
import {
  canonicalDigest,
  encodeSampleProof,
  growPopulation,
  type Population,
  SAMPLE_FORMAT,
  type SampledRecord,
  type SampleStatement,
  verifySample,
} from '@voxkeep/proof';
import {
  consistencyProof,
  entriesAbout,
  type LedgerAction,
  notYet,
  proveEntries,
  readEntry,
  type StoredEntry,
} from '../../ledger/index.ts';
import type { OneSample } from './draw-sample.ts';
import { engagementError } from './engagement-error.ts';
import { engagementRow } from './engagement-row.ts';
import { populationParts } from './population.ts';
import type { EngagementDeps, Onlooker } from './ports.ts';
import { type AskedTree, askedTree, type SampleRow, sampleRow } from './sample-row.ts';

/** What was done with a record; who looked at it is not the sample's business. */
const ABOUT_RECORDS: readonly LedgerAction[] = [
  ...(['record.intake', 'record.state', 'record.classify', 'record.review'] as const),
  ...(['record.restrict', 'record.correct', 'record.dispose', 'record.redispose'] as const),
  ...(['record.unreadable', 'record.verify'] as const),
];

/**
 * The proof of a drawn sample, `voxkeep/sample-proof/v1` of docs/FORMAT.md: of each of its calls the newest manifest's
 * digest, what the ledger says was done with it and until when it is kept; no personal data. That it was given out, and
 * what it says, is on the ledger before it leaves. Rejects with ENGAGEMENT_UNKNOWN, SAMPLE_UNKNOWN, SAMPLE_STATE for
 * one that is not drawn; LEDGER_UNAVAILABLE and LEDGER_RESTORING, retry later.
 */
export async function proveSample(
  deps: EngagementDeps,
  one: OneSample,
  { actor, requestId, engagementId }: Onlooker,
): Promise<string> {
  const { db, audit } = deps;
  await engagementRow(db, one.engagementId, { engagementId });
  const row = await sampleRow(db, one.engagementId, one.sampleId);
  if (row.state !== 'drawn') throw engagementError('SAMPLE_STATE', `the sample is ${row.state}`);
  const tree = await askedTree(db, row.id);
  const [drawn] = await entriesAbout(db, [row.id], ['engagement.draw']);
  if (tree === undefined || drawn === undefined) throw notYet('the entries of the sample');
  const { records, carried } = await sampledRecords(deps, row);
  const statement = statementOf(deps, row, tree, { drawn: drawn.index, records });
  const { outboxId } = await db.transaction().execute((tx) =>
    audit.append(tx, {
      ...{ actor, action: 'engagement.prove', resource: row.id, outcome: 'ok', requestId },
      detail: {
        ...{ engagement: row.engagement_id, number: row.number },
        digest: canonicalDigest(statement),
      },
    }),
  );
  const { index: certified } = await audit.settle(outboxId);
  const last = await readEntry(db, certified);
  const proof = await proveEntries(db, [tree.entry, drawn, ...carried, last]);
  const consistency = await consistencyProof(db, tree.size, proof.size);
  const { verifierKey } = deps.log();
  const text = encodeSampleProof({
    ...{ format: SAMPLE_FORMAT, statement },
    ledger: {
      ...{ verifierKey, checkpoint: proof.checkpoint, certified, entries: proof.entries },
      consistency: consistency.map((hash) => hash.toString('base64')),
    },
  });
  // What does not verify is not given out.
  verifySample(text, { vkey: verifierKey });
  return text;
}

function statementOf(
  { archiveId, log }: EngagementDeps,
  row: SampleRow,
  { entry, size, root }: AskedTree,
  { drawn, records }: { drawn: number; records: SampledRecord[] },
): SampleStatement {
  return {
    ...{ archiveId, log: log().origin, engagementId: row.engagement_id, sampleId: row.id },
    ...{ number: row.number, size: row.size, commitment: row.commitment, nonce: row.nonce ?? '' },
    calls: { from: row.calls_from, to: row.calls_to, tiers: row.tiers },
    population: { count: row.population_count, root: row.population_root },
    tree: { size, root: root.toString('base64') },
    ...{ entries: { asked: entry.index, drawn }, records },
  };
}

/** The calls in the order of the draw, and the entries that tell what was done with them. */
async function sampledRecords(
  deps: EngagementDeps,
  { id }: SampleRow,
): Promise<{ records: SampledRecord[]; carried: StoredEntry[] }> {
  const { db } = deps;
  const drawn = await db
    .selectFrom('engagement_drawn as d')
    .leftJoin('record as r', 'r.id', 'd.record_id')
    .select(['d.record_id', 'd.position', 'r.state'])
    .where('d.sample_id', '=', id)
    .orderBy('d.place')
    .execute();
  const ids = drawn.map((one) => one.record_id);
  const carried = await entriesAbout(db, ids, ABOUT_RECORDS);
  const about = Map.groupBy(carried, ({ entry }) => entry.resource ?? '');
  const population = await growPopulation(populationParts(db, id));
  const records: SampledRecord[] = [];
  for (const { record_id: recordId, position, state } of drawn) {
    const retention = await deps.explain(recordId);
    records.push({
      ...{ recordId, position, path: await pathOf(population, position) },
      state: state ?? 'disposed',
      ...toldBy(about.get(recordId) ?? []),
      ...(retention === undefined ? {} : { retention: stated(retention) }),
    });
  }
  return { records, carried };
}

async function pathOf(population: Population, position: number): Promise<string[]> {
  const path = await population.path(position);
  return path.map((hash) => hash.toString('base64'));
}

/** Which entries there are, and the manifest that the newest of them names. */
function toldBy(own: readonly StoredEntry[]): Pick<SampledRecord, 'entries' | 'manifest'> {
  const entries = own.map(({ index }) => index);
  for (const { index, entry } of own.toReversed()) {
    const sha256 = entry.detail?.['manifest'];
    if (entry.action !== 'record.state' || typeof sha256 !== 'string') continue;
    return { entries, manifest: { entry: index, sha256 } };
  }
  return { entries };
}

/** Without who told the archive of a day. */
function stated(retention: RecordRetention): NonNullable<SampledRecord['retention']> {
  const { tier, called, keepUntil, openEnded, atMost, dueOn, how, rule, clause } = retention;
  const { verified, source, from, alsoApplied, anchors, holds, restricted, rules } = retention;
  return {
    ...{ tier, called, keepUntil, openEnded, how, rule, clause, verified, from },
    ...{ holds, restricted, rules },
    ...(atMost === undefined ? {} : { atMost }),
    ...(dueOn === undefined ? {} : { dueOn }),
    ...(source === undefined ? {} : { source }),
    alsoApplied: alsoApplied.map((one) => ({
      ...{ rule: one.rule, keepUntil: one.keepUntil, openEnded: one.openEnded },
    })),
    anchors: anchors.map(({ anchor, day }) => ({ anchor, day })),
  };
}
