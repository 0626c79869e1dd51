import { createHash } from 'node:crypto';
import { canonicalDigest } from '../log/canonical-json.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { hasLogCode, LogError } from '../log/log-error.ts';
import { type Countersigned, openWitnessed } from '../log/open-witnessed.ts';
import { ProvenEntries } from '../log/proven-entries.ts';
import { verifyConsistency, verifyInclusion } from '../log/verify-proof.ts';
import { checkSampledRecord } from './check-sampled-record.ts';
import { drawPositions, sampleSeed } from './draw.ts';
import { populationLeaf } from './population.ts';
import { SampleError, type SampleErrorCode } from './sample-error.ts';
import { parseSampleProof, type SampleProof, type SampleStatement } from './sample-proof.ts';

/** What the proof of a sample proves. */
export interface ProvenSample {
  statement: SampleStatement;
  /** Hex; redone from the nonce and the tree. */
  seed: string;
  /** When it was asked for and drawn, and by whom; when the archive stated all this. */
  askedAt: string;
  askedBy: string;
  drawnAt: string;
  certifiedAt: string;
  verifierKey: string;
  size: number;
  cosigned: Countersigned[];
}

/**
 * Verifies the proof of a sample offline, from its text alone: that the request and what it is drawn from stood in
 * the ledger before the seed could be known, that the seed draws these calls, and what the ledger says of each. `vkey`
 * is the log's verifier key from elsewhere; without it the document's own is taken. Throws SampleError.
 */
export function verifySample(
  text: string,
  keys: { vkey?: string | undefined; witnesses?: readonly string[] } = {},
): ProvenSample {
  const { statement, ledger } = parseSampleProof(text);
  const { verifierKey, certified } = ledger;
  const { vkey = verifierKey, witnesses = [] } = keys;
  const { checkpoint, cosigned } = asSampleError(checkpointCode, () =>
    openWitnessed(ledger.checkpoint, vkey, witnesses),
  );
  if (vkey !== verifierKey) {
    throw new SampleError('SAMPLE_KEY', 'the document names another verifier key');
  }
  if (checkpoint.origin !== statement.log) {
    const message = `the checkpoint is of ${checkpoint.origin}, not of ${statement.log}`;
    throw new SampleError('SAMPLE_CHECKPOINT', message);
  }
  const { size, root } = checkpoint;
  const entries = new ProvenEntries(ledger.entries, { size, root }, (kind, message) => {
    return new SampleError(kind === 'proof' ? 'SAMPLE_PROOF' : 'SAMPLE_CLAIM', message);
  });
  const { at: certifiedAt, detail } = entries.of(certified, 'engagement.prove', statement.sampleId);
  if (detail?.['digest'] !== canonicalDigest(statement)) {
    throw new SampleError('SAMPLE_DIGEST', 'the statement is not the one on the ledger');
  }
  const asked = checkAsked(statement, entries);
  checkTree(statement, ledger, checkpoint);
  const seed = checkDraw(statement);
  const drawn = checkDrawn(statement, entries, seed);
  for (const record of statement.records) checkSampledRecord(record, entries);
  entries.demandAllAsked();
  return {
    ...{ statement, seed, askedAt: asked.at, askedBy: asked.actor.id, drawnAt: drawn.at },
    ...{ certifiedAt, verifierKey, size, cosigned },
  };
}

/** What was asked for, and from what, is what the request's entry says. */
function checkAsked(statement: SampleStatement, entries: ProvenEntries) {
  const { sampleId, engagementId, number, calls, population, size, commitment } = statement;
  const index = statement.entries.asked;
  const entry = entries.of(index, 'engagement.sample', sampleId);
  const said: Record<string, string | number> = {
    ...{ engagement: engagementId, number, size, count: population.count },
    ...{ from: calls.from, to: calls.to, tiers: calls.tiers.join('+') },
    ...{ population: `d${population.root}`, commitment: `d${commitment}` },
  };
  for (const [name, value] of Object.entries(said)) {
    if (entry.detail?.[name] === value) continue;
    throw new SampleError('SAMPLE_DIGEST', `entry ${index} has another ${name}`);
  }
  return entry;
}

/** The root that went into the seed is that of the tree in which the request is the last entry, and no other. */
function checkTree(
  { tree, entries }: SampleStatement,
  { consistency }: SampleProof['ledger'],
  { size, root }: Checkpoint,
): void {
  if (tree.size !== entries.asked + 1) {
    const message = `a tree of ${tree.size} is not the first that holds entry ${entries.asked}`;
    throw new SampleError('SAMPLE_TREE', message);
  }
  const proof = consistency.map((hash) => Buffer.from(hash, 'base64'));
  const fromRoot = Buffer.from(tree.root, 'base64');
  asSampleError(
    () => 'SAMPLE_TREE',
    () => verifyConsistency({ fromSize: tree.size, fromRoot, toSize: size, toRoot: root, proof }),
  );
}

/** The nonce is the one that was committed to, and with the tree it draws these calls out of the population. */
function checkDraw({ nonce, commitment, tree, population, size, records }: SampleStatement) {
  const bytes = Buffer.from(nonce, 'hex');
  if (createHash('sha256').update(bytes).digest('hex') !== commitment) {
    throw new SampleError('SAMPLE_NONCE', 'the nonce is not the one that was committed to');
  }
  const seed = sampleSeed(bytes, Buffer.from(tree.root, 'base64'));
  const { count } = population;
  const positions = size > count ? [] : drawPositions(seed, count, size);
  const same = records.length === size && positions.length === size;
  if (!same || records.some(({ position }, at) => position !== positions[at])) {
    throw new SampleError('SAMPLE_DRAW', 'the seed draws other positions');
  }
  for (const { recordId, position: index, path } of records) {
    const proof = path.map((hash) => Buffer.from(hash, 'base64'));
    const root = Buffer.from(population.root, 'hex');
    const leaf = { index, size: count, leafHash: populationLeaf(recordId), proof, root };
    asSampleError(
      () => 'SAMPLE_POPULATION',
      () => verifyInclusion(leaf),
    );
  }
  return seed.toString('hex');
}

/** The draw's entry came after the request's, and says the same. */
function checkDrawn(statement: SampleStatement, entries: ProvenEntries, seed: string) {
  const { sampleId, nonce, records } = statement;
  const { asked, drawn: index } = statement.entries;
  const entry = entries.of(index, 'engagement.draw', sampleId);
  if (index <= asked) throw new SampleError('SAMPLE_CLAIM', 'it was drawn before it was asked for');
  const said: Record<string, string> = {
    ...{ nonce: `d${nonce}`, seed: `d${seed}` },
    drawn: canonicalDigest(records.map(({ recordId }) => recordId)),
  };
  for (const [name, value] of Object.entries(said)) {
    if (entry.detail?.[name] === value) continue;
    throw new SampleError('SAMPLE_DIGEST', `entry ${index} has another ${name}`);
  }
  return entry;
}

const checkpointCode = (error: LogError): SampleErrorCode =>
  hasLogCode(error, 'LOG_KEY_BAD') ? 'SAMPLE_KEY' : 'SAMPLE_CHECKPOINT';

function asSampleError<T>(codeOf: (error: LogError) => SampleErrorCode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw new SampleError(codeOf(error), error.message);
  }
}
