import { z } from 'zod';
import { Instant } from './vocabulary.ts';

const Token = z.string().regex(/^[\x21-\x7e]{1,256}$/, 'one word without spaces');
const Outcome = z.enum(['ok', 'refused', 'failed']);

/** Query of GET /api/v1/ledger/entries; filters combine with AND. */
export const LedgerQuery = z.strictObject({
  /** Account, key or `archive`. */
  actor: Token.optional(),
  /** Id of the record, or of whatever else the act was on. */
  record: Token.optional(),
  /** `record.play`, or a whole kind: `record.` */
  action: z
    .string()
    .regex(/^[a-z_]{1,40}\.[a-z_]{0,40}$/, 'such as record.play, or record. for all of that kind')
    .optional(),
  outcome: Outcome.optional(),
  /** Numbered at this instant or later. */
  from: Instant.optional(),
  /** Numbered before this instant. */
  to: Instant.optional(),
  /** Below this index: `next` of the page before. */
  before: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type LedgerQuery = z.infer<typeof LedgerQuery>;

/** One entry as the log holds it; only `name` comes from the catalog. */
export const LedgerEntryView = z
  .object({
    index: z.int(),
    /** When it was numbered. */
    time: Instant,
    /** When the act was written into its transaction. */
    at: Instant,
    /** `name` is the display name that the account has now; absent for keys and the archive. */
    actor: z.object({ id: z.string(), role: z.string(), name: z.string().optional() }),
    action: z.string(),
    resource: z.string().optional(),
    purpose: z.object({ category: z.string(), commitment: z.string().optional() }).optional(),
    outcome: Outcome,
    requestId: z.string().optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  })
  .meta({ id: 'LedgerEntryView' });
export type LedgerEntryView = z.infer<typeof LedgerEntryView>;

export const LedgerPage = z
  .object({
    /** Newest first. */
    entries: z.array(LedgerEntryView),
    /** `before` of the next page; absent on the last one. */
    next: z.int().optional(),
    /** Entries in the whole log. */
    size: z.int(),
  })
  .meta({ id: 'LedgerPage' });
export type LedgerPage = z.infer<typeof LedgerPage>;

/** One witness as the archive knows it. */
export const WitnessView = z.object({
  name: z.string(),
  verifierKey: z.string(),
  /** The largest tree that it countersigned, and when, by its own clock. */
  size: z.int().optional(),
  cosignedAt: Instant.optional(),
  /** Why the last try failed: WITNESS_UNREACHABLE, WITNESS_REFUSED, WITNESS_AHEAD … */
  lastError: z.string().optional(),
});
export type WitnessView = z.infer<typeof WitnessView>;

export const LedgerStateView = z
  .object({
    /** The log's name, and the key that verifies what is signed under it. */
    origin: z.string(),
    verifierKey: z.string(),
    /** After a loss: the log before, of which so many entries were left, from which this one goes on. */
    succeeds: z.object({ origin: z.string(), size: z.int() }).optional(),
    /** Entries in the newest signed tree, and those durable at hq and one other site. */
    size: z.int(),
    durableSize: z.int(),
    /** The newest checkpoint, a signed note, with the cosignatures that it has. */
    checkpoint: z.string(),
    signedAt: Instant,
    /** Entries are being made durable now. */
    healthy: z.boolean(),
    lastError: z.string().optional(),
    /** Old entries that still come back from the sites, after a recovery. */
    toRestore: z.int(),
    /** What each site's checkpoint covers, as far as this process wrote it. */
    sites: z.array(z.object({ name: z.string(), size: z.int(), lastError: z.string().optional() })),
    /** False: 未独立见证. A quorum countersigned all but the newest minute. */
    witnessed: z.boolean(),
    /** Cosignatures needed; 0 while no witness is configured. */
    quorum: z.int(),
    /** Nothing is answered before a quorum has countersigned it. */
    required: z.boolean(),
    /** The largest tree that a quorum countersigned, and when. */
    witnessedSize: z.int().optional(),
    witnessedAt: Instant.optional(),
    witnesses: z.array(WitnessView),
  })
  .meta({ id: 'LedgerStateView' });
export type LedgerStateView = z.infer<typeof LedgerStateView>;

/** All that it takes to check, without the archive, that an entry is in the log. */
export const LedgerProofView = z
  .object({
    index: z.int(),
    /** Size of the tree that the proof is for. */
    size: z.int(),
    /** The logged bytes, base64. */
    entry: z.string(),
    /** SHA-256(00 ‖ entry), base64. */
    leafHash: z.string(),
    /** Audit path from the leaf up (RFC 6962, 2.1.1), base64. */
    hashes: z.array(z.string()),
    checkpoint: z.string(),
    /** The same as one file: C2SP tlog-proof, the entry as its `extra` data. */
    file: z.string(),
  })
  .meta({ id: 'LedgerProofView' });
export type LedgerProofView = z.infer<typeof LedgerProofView>;
