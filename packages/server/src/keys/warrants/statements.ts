import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { hasCode } from '../../core/errors.ts';
import { GRANT_FIELDS, PURPOSE_CATEGORIES, type SignedRequest } from '../../record/grant.ts';
import { TIERS } from '../../record/vocabulary.ts';
import { keysError } from '../keys-error.ts';

const Id = z.uuid();
const Instant = z.iso.datetime();
const Person = z.string().regex(/^[0-9a-f]{32}$/);
const Party = z.strictObject({ account: Id, role: z.string().min(1).max(32), person: Person });
const asked = {
  format: z.literal('voxkeep/access-request/v1'),
  archiveId: Id,
  requestId: Id,
  requester: Party,
  purpose: z.strictObject({
    category: z.enum(PURPOSE_CATEGORIES),
    commitment: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  decideBy: Instant,
};
const Names = z.array(z.string().min(1).max(64)).min(1);
const ofRecords = <K extends string>(kind: K, most: { records: number; minutes: number }) =>
  z.strictObject({
    ...asked,
    kind: z.literal(kind),
    records: z
      .array(z.strictObject({ id: Id, tier: z.enum(TIERS), startedAt: Instant }))
      .min(1)
      .max(most.records),
    fields: z.array(z.enum(GRANT_FIELDS)).min(1),
    minutes: z.int().min(5).max(most.minutes),
  });
const Request = z.discriminatedUnion('kind', [
  ofRecords('records', { records: 500, minutes: 240 }),
  ofRecords('break_glass', { records: 1, minutes: 60 }),
  z.strictObject({
    ...asked,
    kind: z.literal('mandate'),
    holder: Party,
    scope: z.strictObject({
      industries: Names.optional(),
      issueTypes: Names.optional(),
      from: Instant,
      before: Instant,
    }),
    validFrom: Instant,
    validTo: Instant,
  }),
]);

const Enrolment = z.strictObject({
  format: z.literal('voxkeep/passkey/v1'),
  archiveId: Id,
  passkeyId: Id,
  owner: z.strictObject({ account: Id, role: z.string().min(1).max(32), person: Person }),
  credentialId: z.string().min(16).max(1400),
  /** COSE key, base64url. */
  publicKey: z.string().min(32).max(2000),
});
export type Enrolment = z.infer<typeof Enrolment>;

const Review = z.strictObject({
  format: z.literal('voxkeep/break-glass-review/v1'),
  archiveId: Id,
  requestId: Id,
  finding: z.enum(['justified', 'not_justified']),
});
export type Review = z.infer<typeof Review>;

const DisposalRun = z.strictObject({
  format: z.literal('voxkeep/disposal-run/v1'),
  archiveId: Id,
  runId: Id,
  kind: z.enum(['due', 'chosen']),
  asOf: z.iso.date(),
  records: z.int().min(1),
  /** A letter, then the hex SHA-256 of the records' sorted ids. */
  digest: z.string().regex(/^r[0-9a-f]{64}$/),
  /** Absent where the archive proposed it by its rules. */
  proposer: Party.optional(),
  decideBy: Instant,
});
export type DisposalRun = z.infer<typeof DisposalRun>;

/** Reads what was signed; WARRANT_DAMAGED unless it is exactly the canonical form of one of this archive. */
function reader<T extends { archiveId: string }>(schema: z.ZodType<T>) {
  return (canonical: string, archiveId: string): T => {
    const parsed = schema.safeParse(jsonOf(canonical));
    if (!parsed.success || canonicalJson(parsed.data) !== canonical) {
      throw keysError('WARRANT_DAMAGED', 'what was signed is no statement of this format');
    }
    if (parsed.data.archiveId !== archiveId) {
      throw keysError('WARRANT_DAMAGED', 'what was signed is of another archive');
    }
    return parsed.data;
  };
}
export const readRequest = reader<SignedRequest>(Request as z.ZodType<SignedRequest>);
export const readEnrolment = reader<Enrolment>(Enrolment);
export const readReview = reader<Review>(Review);
export const readDisposalRun = reader<DisposalRun>(DisposalRun);

/** Whether `readRequest` would read it. */
export function isRequest(canonical: string, archiveId: string): boolean {
  try {
    readRequest(canonical, archiveId);
    return true;
  } catch (error) {
    if (hasCode(error, 'WARRANT_DAMAGED')) return false;
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
