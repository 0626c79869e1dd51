import { z } from 'zod';
import { AccountView, ApiScope, PersonId } from './operations.ts';
import { Id, Instant, Role } from './vocabulary.ts';

const Password = z.string().min(12).max(200);
const TypedPassword = z.string().min(1).max(200);

/** POST /setup: the first administrator. */
export const SetupIn = z.strictObject({
  token: z.string().min(1).max(200),
  username: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,59}$/, 'lower-case letters, digits, . _ -'),
  displayName: z.string().trim().min(1).max(60),
  personId: PersonId,
  password: Password,
});
export const SetupDone = z.object({ id: Id, username: z.string() });

export const EnrolTotpIn = z.strictObject({ password: TypedPassword });
/** For the person's app. */
export const EnrolTotpOut = z.object({ uri: z.string() });
export const ConfirmTotpIn = z.strictObject({ code: z.string().regex(/^\d{6}$/, 'six digits') });
export const OwnPasswordIn = z.strictObject({ current: TypedPassword, password: Password });

export const RoleIn = z.strictObject({
  role: Role,
  agentId: z.string().min(1).max(64).optional(),
  teamId: z.string().min(1).max(64).optional(),
});
export const PersonIn = z.strictObject({ personId: PersonId });
export const PasswordIn = z.strictObject({ password: Password });
export const AccountsView = z.object({ accounts: z.array(AccountView) });

/** Keys as a list shows them: never the keys themselves. */
export const ApiKeysView = z.object({
  keys: z.array(
    z.object({
      id: Id,
      name: z.string(),
      /** The first letters, by which people tell keys apart. */
      prefix: z.string(),
      scopes: z.array(ApiScope),
      accountId: Id.optional(),
      createdAt: Instant,
      expiresAt: Instant,
      revokedAt: Instant.optional(),
    }),
  ),
});

/** Sessions that are open, the newest first. */
export const SessionsView = z.object({
  sessions: z.array(
    z.object({
      id: Id,
      startedAt: Instant,
      /** To the minute. */
      seenAt: Instant,
      /** `password`, or the name of the provider that said who it is. */
      method: z.string(),
      /** Browser and system, a word each, where they are known. */
      client: z.string().optional(),
      /** The one that asks. */
      current: z.boolean(),
    }),
  ),
});
export type SessionsView = z.infer<typeof SessionsView>;

/** GET /session/providers: how else one may sign in, for the sign-in page. */
export const ProvidersView = z.object({
  providers: z.array(
    z.object({
      id: z.string(),
      /** On pages of its own, or by a name and password that are typed here. */
      kind: z.enum(['redirect', 'password']),
      label: z.object({ zh: z.string(), en: z.string() }),
    }),
  ),
});
export type ProvidersView = z.infer<typeof ProvidersView>;
/** POST /accounts/:id/identity */
export const IdentityIn = z.strictObject({
  provider: z.string().min(1).max(40),
  /** `sub` of OIDC, the entry's id of a directory in hex, the userid of WeCom. */
  subject: z.string().min(1).max(500),
});
