import { z } from 'zod';
import { canonicalDigest, canonicalJson } from '../log/canonical-json.ts';
import { ProvenEntry } from '../log/proven-entries.ts';
import { CertificateError } from './certificate-error.ts';

export const CERTIFICATE_FORMAT = 'voxkeep/disposal-certificate/v1';
export const FACTS_FORMAT = 'voxkeep/disposal/v1';
/** Records in one document; a run's certificate has as many documents as it takes. */
export const MOST_CERTIFIED = 1_000;

const Uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const Instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const Word = z.string().min(1).max(256);
const Count = z.int().min(0);
/** 32 bytes in hex behind a letter, as they stand in an entry of the ledger. */
const Digest = z.string().regex(/^d[0-9a-f]{64}$/);

/**
 * What there was and why it went, as it was written down in the transaction that ended the record; the entry
 * `record.dispose` commits to it. Members that a later program adds are carried along.
 */
export const DisposalFacts = z.looseObject({
  format: z.literal(FACTS_FORMAT),
  recordId: Uuid,
  runId: Uuid,
  disposedAt: Instant,
  /** Deleted, or counted by kind without a trace of whose it was, and deleted. */
  how: z.enum(['delete', 'anonymise']),
  ground: z.enum(['erasure', 'closure', 'maximum', 'policy']),
  /** The profile of retention that decided, and the clause it rests on. */
  rule: Word,
  clause: z.string().max(4_000),
  keepUntil: Day,
  /** The newest epoch whose keys wrapped the record's. */
  epoch: Word,
  objects: z
    .array(
      z.looseObject({
        id: Uuid,
        purpose: Word,
        pool: Word,
        /** Hex SHA-256 of the ciphertext. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        copies: z.array(z.strictObject({ site: Word, lockedUntil: Instant.optional() })),
      }),
    )
    .max(10_000),
  /** Rows of the catalog that went, by what they were: calls of the search index, clips … */
  rows: z.record(Word, Count).optional(),
});
export type DisposalFacts = z.infer<typeof DisposalFacts>;

/** A site, and what became of the record there. */
const CertifiedSite = z.strictObject({
  site: Word,
  /** Since when no envelope of the record is there; absent where that is older than the archive notes it. */
  envelopesGoneAt: Instant.optional(),
  /** Objects whose envelopes are still to be destroyed there: the site has not answered. */
  pending: z.int().min(1).optional(),
  /** Until when ciphertext that nobody can open is locked there. */
  lockedUntil: Instant.optional(),
});
export type CertifiedSite = z.infer<typeof CertifiedSite>;

/** Somebody who was given a copy before; what they hold is beyond the archive. */
const Received = z.strictObject({
  entry: Count,
  at: Instant,
  account: Word,
  role: Word,
  act: z.enum(['export', 'download']),
});
export type Received = z.infer<typeof Received>;

const CertifiedRecord = z.strictObject({
  recordId: Uuid,
  facts: DisposalFacts,
  digest: Digest,
  sites: z.array(CertifiedSite).min(1).max(64),
  /** Since when no site has an envelope; absent while one has not answered. */
  unreadableAt: Instant.optional(),
  lockedUntil: Instant.optional(),
  /** Since when no old copy of sites and keys opens it either; absent until its epoch is gone. */
  beyondOldCopiesFrom: Instant.optional(),
  received: z.array(Received),
  /** Indices of the ledger's entries that prove it. */
  entries: z.strictObject({
    disposed: Count,
    unreadable: Count.optional(),
    epochGone: Count.optional(),
  }),
});
export type CertifiedRecord = z.infer<typeof CertifiedRecord>;

const Approval = z.strictObject({
  entry: Count,
  at: Instant,
  account: Word,
  role: Word,
  /** Id of the passkey that signed. */
  keyId: Word.optional(),
});
export type Approval = z.infer<typeof Approval>;

const CertifiedRun = z.strictObject({
  id: Uuid,
  kind: z.enum(['due', 'chosen']).optional(),
  asOf: Day.optional(),
  proposedBy: Word.optional(),
  proposedAt: Instant.optional(),
  /** What the approvers signed, character by character. */
  signed: z.string().max(8_000).optional(),
  /** Nobody was asked: few enough to go by the rules alone. */
  alone: z.literal(true).optional(),
  approvals: z.array(Approval).min(1).optional(),
});
export type CertifiedRun = z.infer<typeof CertifiedRun>;

export const CertificateStatement = z.strictObject({
  archiveId: Uuid,
  /** Origin of the log in which it is proven. */
  log: Word,
  of: z.enum(['record', 'run']),
  /** Records that the run has disposed of, in however many documents; 1 for a record's own. */
  count: z.int().min(1),
  /** Of a run's further document: the last record of the one before. */
  after: Uuid.optional(),
  run: CertifiedRun,
  records: z.array(CertifiedRecord).min(1).max(MOST_CERTIFIED),
});
export type CertificateStatement = z.infer<typeof CertificateStatement>;

export const DisposalCertificate = z.strictObject({
  format: z.literal(CERTIFICATE_FORMAT),
  statement: CertificateStatement,
  ledger: z.strictObject({
    verifierKey: z.string().max(512),
    /** A signed note; every audit path leads to its root. */
    checkpoint: z.string().max(32_768),
    /** Index of the entry `disposal.certify` that commits to the statement. */
    certified: Count,
    entries: z.array(ProvenEntry).min(2),
  }),
});
export type DisposalCertificate = z.infer<typeof DisposalCertificate>;

/** Digest of the canonical JSON of a value, with a letter in front, as an entry of the ledger names it. */
export function disposalDigest(value: unknown): string {
  return canonicalDigest(value);
}

/** The document's bytes: canonical JSON (RFC 8785) and a line feed. */
export function encodeCertificate(certificate: DisposalCertificate): string {
  return `${canonicalJson(certificate)}\n`;
}

/** What the bytes say; nothing in it is verified yet. Throws CERTIFICATE_FORMAT. */
export function parseCertificate(text: string): DisposalCertificate {
  const parsed = DisposalCertificate.safeParse(jsonOf(text));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('/') || 'format';
    throw new CertificateError('CERTIFICATE_FORMAT', `not a ${CERTIFICATE_FORMAT}: ${where}`);
  }
  if (encodeCertificate(parsed.data) !== text) {
    const message = 'not byte for byte what was given out: written anew, or something was added';
    throw new CertificateError('CERTIFICATE_FORMAT', message);
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CertificateError('CERTIFICATE_FORMAT', 'not JSON');
  }
}
