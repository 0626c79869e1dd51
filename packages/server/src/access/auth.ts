import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { twoFactor, username } from 'better-auth/plugins';
import type pg from 'pg';
import { newUuidV7 } from '../core/ids.ts';

/** A session ends after this time without a request … */
export const IDLE_SECONDS = 30 * 60;
/** … and after this time whatever happens. */
export const ABSOLUTE_MS = 12 * 3_600_000;
/** OWASP's first choice for argon2id: 19 MiB, two passes. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2);
export const isPassword = (hashed: string, password: string): Promise<boolean> =>
  verify(hashed, password);

/** The options that the tables of migration 000004 were made for. */
export function authOptions(pool: pg.Pool, secret: string, origin: string) {
  return {
    appName: 'Voxkeep',
    secret,
    baseURL: origin,
    basePath: '/auth',
    database: pool,
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 200,
      password: {
        hash: hashPassword,
        verify: (input: { hash: string; password: string }) =>
          isPassword(input.hash, input.password),
      },
    },
    user: { modelName: 'auth_user' },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    session: {
      modelName: 'auth_session',
      expiresIn: IDLE_SECONDS,
      updateAge: 60,
    },
    plugins: [
      username({ minUsernameLength: 2, maxUsernameLength: 60, usernameValidator: () => true }),
      twoFactor({ issuer: 'Voxkeep', twoFactorTable: 'auth_two_factor' }),
    ],
    advanced: {
      // The browser keeps a __Host- cookie to this very host, over TLS only (RFC 6265bis). The
      // library would put __Secure- in front; the attributes below make it secure all the same.
      useSecureCookies: false,
      cookiePrefix: '__Host-voxkeep',
      // Its routes are not mounted; the server refuses foreign pages for every route at once.
      disableCSRFCheck: true,
      defaultCookieAttributes: { sameSite: 'strict' as const, httpOnly: true, secure: true },
      database: { generateId: () => newUuidV7() },
      // Addresses are personal data and nobody asks for them.
      ipAddress: { disableIpTracking: true },
    },
  };
}

/** The sign-in library over the catalog's tables. Its own routes are not mounted. */
export function createAuth(pool: pg.Pool, secret: string, origin: string) {
  return betterAuth(authOptions(pool, secret, origin));
}
export type Auth = ReturnType<typeof createAuth>;
