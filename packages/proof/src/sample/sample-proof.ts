import { z } from 'zod';
import { canonicalJson } from '../log/canonical-json.ts';
import { Hash, ProvenEntry } from '../log/proven-entries.ts';
import { MOST_POPULATION, MOST_SAMPLED } from './draw.ts';
import { SampleError } from './sample-error.ts';

export const SAMPLE_FORMAT = 'voxkeep/sample-proof/v1';

const Uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const Word = z.string().min(1).max(256);
const Count = z.int().min(0);
/** 32 bytes in hex. */
const Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** Until when a call is kept, by which rule, and what else keeps it: as the archive states it. */
const Retention = z.strictObject({
  tier: Word,
  called: Day,
  keepUntil: Day,
  openEnded: z.boolean(),
  atMost: Day.optional(),
  dueOn: Day.optional(),
  how: Word,
  rule: Word,
  clause: z.string().max(4_000),
  verified: Word,
  source: z.string().max(4_000).optional(),
  from: Word,
  alsoApplied: z
    .array(z.strictObject({ rule: Word, keepUntil: Day, openEnded: z.boolean() }))
    .max(1_000),
  anchors: z.array(z.strictObject({ anchor: Word, day: Day })).max(100),
  holds: Count,
  restricted: z.array(Word).max(100),
  rules: Count,
});

const SampledRecord = z.strictObject({
  recordId: Uuid,
  /** In the population, from 0, and the audit path from there to its root. */
  position: Count,
  path: z.array(Hash).max(63),
  /** What became of it, as the archive states it. */
  state: Word,
  /** Of the sealed manifest that the newest entry names; absent where none does. */
  manifest: z.strictObject({ entry: Count, sha256: Hex }).optional(),
  /** Absent for a call that is gone. */
  retention: Retention.optional(),
  /** Indices of the entries that tell what was done with it, ascending. */
  entries: z.array(Count).max(10_000),
});
export type SampledRecord = z.infer<typeof SampledRecord>;

export const SampleStatement = z.strictObject({
  archiveId: Uuid,
  /** Origin of the log in which it is proven. */
  log: Word,
  engagementId: Uuid,
  sampleId: Uuid,
  /** 1, 2 … within the engagement. */
  number: z.int().min(1),
  /** Calls of these days, in the archive's zone, and of these tiers. */
  calls: z.strictObject({ from: Day, to: Day, tiers: z.array(Word).min(1).max(10) }),
  population: z.strictObject({ count: z.int().min(1).max(MOST_POPULATION), root: Hex }),
  size: z.int().min(1).max(MOST_SAMPLED),
  /** SHA-256 of the nonce, which stood in the ledger first. */
  commitment: Hex,
  nonce: Hex,
  /** The first tree that holds the request, and its root. */
  tree: z.strictObject({ size: z.int().min(1), root: Hash }),
  /** Indices of the entries of the request and of the draw. */
  entries: z.strictObject({ asked: Count, drawn: Count }),
  /** In the order of the draw. */
  records: z.array(SampledRecord).min(1).max(MOST_SAMPLED),
});
export type SampleStatement = z.infer<typeof SampleStatement>;

export const SampleProof = z.strictObject({
  format: z.literal(SAMPLE_FORMAT),
  statement: SampleStatement,
  ledger: z.strictObject({
    verifierKey: z.string().max(512),
    /** A signed note; every audit path leads to its root. */
    checkpoint: z.string().max(32_768),
    /** That its tree continues the first one that holds the request (RFC 6962, 2.1.2). */
    consistency: z.array(Hash).max(126),
    /** Index of the entry `engagement.prove` that commits to the statement. */
    certified: Count,
    entries: z.array(ProvenEntry).min(3),
  }),
});
export type SampleProof = z.infer<typeof SampleProof>;

/** The document's bytes: canonical JSON (RFC 8785) and a line feed. */
export function encodeSampleProof(proof: SampleProof): string {
  return `${canonicalJson(proof)}\n`;
}

/** What the bytes say; nothing in it is verified yet. Throws SAMPLE_FORMAT. */
export function parseSampleProof(text: string): SampleProof {
  const parsed = SampleProof.safeParse(jsonOf(text));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('/') || 'format';
    throw new SampleError('SAMPLE_FORMAT', `not a ${SAMPLE_FORMAT}: ${where}`);
  }
  if (encodeSampleProof(parsed.data) !== text) {
    const message = 'not byte for byte what was given out: written anew, or something was added';
    throw new SampleError('SAMPLE_FORMAT', message);
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SampleError('SAMPLE_FORMAT', 'not JSON');
  }
}
