import { z } from 'zod';
import { Delivery } from './notices.ts';
import { Id, Instant, RecordState, Role } from './vocabulary.ts';

/** One record on its way, or stopped, as the operator sees it: no content. */
export const JobLine = z.object({
  id: Id,
  state: RecordState,
  sourceSystem: z.string(),
  receivedAt: Instant,
  archivedAt: Instant.optional(),
  mediaBytes: z.int(),
  attempts: z.int(),
  reasonCode: z.string().optional(),
  reason: z.string().optional(),
  canRetry: z.boolean(),
});
export type JobLine = z.infer<typeof JobLine>;

export const JobsView = z
  .object({
    counts: z.array(z.object({ state: RecordState, count: z.int() })),
    jobs: z.array(JobLine),
    next: z.string().optional(),
  })
  .meta({ id: 'JobsView' });
export type JobsView = z.infer<typeof JobsView>;

/** Query of GET /api/v1/jobs. */
export const JobsQuery = z.strictObject({
  state: RecordState.optional(),
  /** From the previous page's `next`. */
  cursor: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const JobRetried = z.object({ id: Id, state: RecordState });

/** What a sender sees of its own record. */
export const RecordStatus = z.object({
  id: Id,
  state: RecordState,
  reasonCode: z.string().optional(),
  reason: z.string().optional(),
  receivedAt: Instant,
  archivedAt: Instant.optional(),
});
export type RecordStatus = z.infer<typeof RecordStatus>;

/** A call in the drop folder of which nothing is stored, and why. */
export const RefusedDrop = z.object({
  /** The file's name without its ending; absent when it could hold a phone number. */
  name: z.string().optional(),
  at: Instant,
  code: z.string(),
  /** What to mend, where the call details are at fault. */
  field: z.string().optional(),
  reason: z.string().optional(),
  /** False when the files stay in the drop folder. */
  removed: z.boolean(),
});
export type RefusedDrop = z.infer<typeof RefusedDrop>;

export const DropView = z
  .object({
    /** False while the folder cannot be read. */
    reachable: z.boolean(),
    /** Newest first, at most fifty. */
    refused: z.array(RefusedDrop),
  })
  .meta({ id: 'DropView' });
export type DropView = z.infer<typeof DropView>;

export const SystemStatus = z
  .object({
    archiveId: z.string(),
    version: z.string(),
    startedAt: Instant,
    timeZone: z.string(),
    records: z.array(z.object({ state: RecordState, count: z.int() })),
    sites: z.array(
      z.object({
        name: z.string(),
        reachable: z.boolean(),
        objects: z.int(),
        pendingCopies: z.int(),
      }),
    ),
    ledger: z.object({
      size: z.int(),
      origin: z.string(),
      /** Verifies the log's checkpoints: `<origin>+<key id>+<key>`, as C2SP signed-note has it. */
      verifierKey: z.string(),
      witnessed: z.boolean(),
      healthy: z.boolean(),
      /** Old entries that still come back from the sites, after a recovery. */
      toRestore: z.int(),
    }),
    /** What leaves by webhook and by mail; without a configured channel it is empty. */
    deliveries: z.array(Delivery),
    /** Red in the UI: keys and data on one host. */
    keysOnDataHost: z.boolean(),
    ffmpeg: z.string().optional(),
  })
  .meta({ id: 'SystemStatus' });
export type SystemStatus = z.infer<typeof SystemStatus>;

export const SignIn = z.strictObject({
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
  totp: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  /** A directory that knows the name and password; by default the archive's own accounts. */
  provider: z.string().min(1).max(40).optional(),
});
export type SignIn = z.infer<typeof SignIn>;

export const SessionView = z
  .object({
    actor: z.object({
      id: Id,
      username: z.string(),
      displayName: z.string(),
      role: Role,
      agentId: z.string().optional(),
      teamId: z.string().optional(),
      /** Of an outside auditor: the only engagement that there is for them. */
      engagementId: Id.optional(),
    }),
    abilities: z.array(z.object({ action: z.string(), subject: z.string() })),
    timeZone: z.string(),
    archiveName: z.string(),
    /** Whether this person signs in with a code as well. */
    secondFactor: z.boolean(),
  })
  .meta({ id: 'SessionView' });
export type SessionView = z.infer<typeof SessionView>;

export const AccountView = z.object({
  id: Id,
  username: z.string(),
  displayName: z.string(),
  role: Role,
  agentId: z.string().optional(),
  teamId: z.string().optional(),
  lockedAt: Instant.optional(),
  createdAt: Instant,
  secondFactor: z.boolean(),
  /** By whom its person signs in; absent for a name and password of the archive's own. */
  provider: z.string().optional(),
  /** Whether it is known whose account it is. */
  person: z.boolean(),
  /** Further accounts of the same person. */
  samePersonAs: z.array(Id).optional(),
  /** The last request of an open session. */
  seenAt: Instant.optional(),
  /** Of an outside auditor: the engagement, and from when to before when the account opens anything. */
  within: z.object({ engagementId: Id, opensAt: Instant, shutsAt: Instant }).optional(),
});
export type AccountView = z.infer<typeof AccountView>;
/** 工号: whose account it is. Kept as a keyed hash only. */
export const PersonId = z.string().trim().min(1).max(64);
export const AccountIn = z
  .strictObject({
    username: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,59}$/, 'lower-case letters, digits, . _ -'),
    displayName: z.string().trim().min(1).max(60),
    role: Role,
    password: z.string().min(12).max(200),
    agentId: z.string().min(1).max(64).optional(),
    teamId: z.string().min(1).max(64).optional(),
    /** For every role but service. */
    personId: PersonId.optional(),
    /** Of an outside auditor: the confirmed engagement that the account is for, and ends with. */
    engagementId: Id.optional(),
  })
  .refine(({ role, personId }) => role === 'service' || personId !== undefined, {
    path: ['personId'],
    message: 'is needed: whose account it is',
  });
export type AccountIn = z.infer<typeof AccountIn>;
/** What a key of a service is for. */
export const ApiScope = z.enum(['intake', 'status', 'witness', 'scim', 'closure']);
export type ApiScope = z.infer<typeof ApiScope>;
export const ApiKeyIn = z.strictObject({
  name: z.string().trim().min(1).max(60),
  expiresInDays: z.int().min(1).max(730).default(365),
  scopes: z.array(ApiScope).min(1).max(5).default(['intake']),
});
export const ApiKeyIssued = z.object({
  id: Id,
  name: z.string(),
  key: z.string(),
  expiresAt: Instant,
});
