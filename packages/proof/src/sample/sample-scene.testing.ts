import { createHash } from 'node:crypto';
import {
  ARCHIVE_ID,
  CertificateScene,
  LOG,
  recordId,
} from '../disposal/certificate-scene.testing.ts';
import { buildConsistencyProof, buildInclusionProof, nodesOfTiles } from '../log/build-proof.ts';
import { canonicalDigest, canonicalJson } from '../log/canonical-json.ts';
import { signCheckpoint } from '../log/checkpoint.ts';
import { GrowingTree } from '../log/growing-tree.ts';
import { hashLeaf } from '../log/tree-hash.ts';
import { drawPositions, sampleSeed } from './draw.ts';
import { growPopulation } from './population.ts';
import { SAMPLE_FORMAT, type SampleProof, type SampleStatement } from './sample-proof.ts';

export const ENGAGEMENT_ID = '0198a1b2-0000-7000-8000-0000000000e1';
export const SAMPLE_ID = '0198a1b2-0000-7000-8000-0000000000e2';
export const NONCE = Buffer.alloc(32, 9);
/** Calls of which each has two entries: few enough for one tile of the log. */
export const CALLS = Array.from({ length: 60 }, (_, at) => recordId(at + 1));
const auditor = { id: 'u-auditor', role: 'auditor' };
const base64 = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('base64'));

/** What a scene does otherwise than it should; what it then states is on its ledger all the same. */
export interface Bent {
  /** Entries by which the tree of the seed is later than the first. */
  later?: number;
  nonce?: Buffer;
  /** Positions instead of those that the seed draws. */
  positions?: number[];
  /** Calls instead of those that stand there. */
  calls?: string[];
  /** Drawn in the ledger before it was asked for. */
  drawnFirst?: boolean;
  statement?: (statement: SampleStatement) => void;
}

/** The proof of a sample of five out of sixty calls. */
export async function provenSample(bent: Bent = {}): Promise<SampleProof> {
  const scene = new CertificateScene();
  const own = new Map<string, number[]>();
  for (const id of CALLS) {
    const taken = scene.act('record.intake', id).entry;
    const sealed = scene.act('record.state', id, { detail: { manifest: manifestOf(id) } }).entry;
    own.set(id, [taken, sealed]);
  }
  const population = await growPopulation([CALLS.slice(0, 40), CALLS.slice(40)]);
  const [root, size] = [population.root.toString('hex'), 5];
  const commitment = createHash('sha256').update(NONCE).digest('hex');
  const asking = {
    ...{ engagement: ENGAGEMENT_ID, number: 1, size, count: population.count },
    ...{ from: '2026-01-01', to: '2026-06-30', tiers: 'basic+core' },
    ...{ population: `d${root}`, commitment: `d${commitment}` },
  };
  const early = bent.drawnFirst ? scene.act('engagement.draw', SAMPLE_ID).entry : undefined;
  const asked = scene.act('engagement.sample', SAMPLE_ID, { detail: asking, actor: auditor }).entry;
  for (let more = 0; more < 4; more += 1) scene.act('record.search', `query-${more}`);
  const tree = treeOf(scene, asked + 1 + (bent.later ?? 0));
  const nonce = bent.nonce ?? NONCE;
  const seed = sampleSeed(nonce, tree.root);
  const positions = bent.positions ?? drawPositions(seed, population.count, size);
  const ids = positions.map((at) => (bent.calls ?? CALLS)[at] ?? recordId(999));
  const detail = {
    ...{ nonce: `d${nonce.toString('hex')}`, seed: `d${seed.toString('hex')}` },
    drawn: canonicalDigest(ids),
  };
  const drawn = early ?? scene.act('engagement.draw', SAMPLE_ID, { detail, actor: auditor }).entry;
  const statement: SampleStatement = {
    ...{ archiveId: ARCHIVE_ID, log: LOG.name, engagementId: ENGAGEMENT_ID, sampleId: SAMPLE_ID },
    ...{ number: 1, calls: { from: '2026-01-01', to: '2026-06-30', tiers: ['basic', 'core'] } },
    ...{ population: { count: population.count, root }, size, commitment },
    ...{ nonce: nonce.toString('hex'), entries: { asked, drawn } },
    tree: { size: tree.size, root: tree.root.toString('base64') },
    records: await Promise.all(
      positions.map(async (position, at) => {
        const id = ids[at] ?? '';
        const entries = own.get(id) ?? [];
        return {
          ...{ recordId: id, position, path: base64(await population.path(position)), entries },
          ...{ state: 'archived', manifest: { entry: entries[1] ?? 0, sha256: manifestOf(id) } },
        };
      }),
    ),
  };
  bent.statement?.(statement);
  return prove(scene, statement);
}

const manifestOf = (id: string) => createHash('sha256').update(id).digest('hex');

async function prove(scene: CertificateScene, statement: SampleStatement): Promise<SampleProof> {
  const { entries, records } = statement;
  const detail = { digest: canonicalDigest(statement) };
  const certified = scene.act('engagement.prove', SAMPLE_ID, { detail }).entry;
  for (let more = 0; more < 3; more += 1) scene.act('record.search', `later-${more}`);
  const { size, root, nodes, logged } = treeOf(scene, scene.entries.length);
  const indices = new Set([entries.asked, entries.drawn, certified]);
  for (const record of records) for (const index of record.entries) indices.add(index);
  const carried = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const hashes = base64(await buildInclusionProof(index, size, nodes));
    carried.push({ index, entry: logged[index] ?? '', hashes });
  }
  return {
    ...{ format: SAMPLE_FORMAT, statement },
    ledger: {
      ...{ verifierKey: LOG.vkey, checkpoint: signCheckpoint(LOG, size, root), certified },
      consistency: base64(await buildConsistencyProof(statement.tree.size, size, nodes)),
      entries: carried,
    },
  };
}

function treeOf(scene: CertificateScene, size: number) {
  const logged = scene.entries.slice(0, size).map((entry) => canonicalJson(entry));
  const tree = new GrowingTree();
  const [tile] = tree.append(logged.map((entry) => hashLeaf(Buffer.from(entry))));
  const nodes = nodesOfTiles(async () => tile?.hashes ?? Buffer.alloc(0));
  return { size, root: tree.root(), nodes, logged };
}
