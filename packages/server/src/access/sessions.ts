import type { Selectable } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { AccessTables } from '../core/tables/access.ts';
import type { Seals } from './seals.ts';
import { findStaff, type StaffRow } from './staff-row.ts';

/** How long a session lives. */
export interface SessionLimits {
  /** Without a request. */
  idleMs: number;
  /** Whatever happens. */
  absoluteMs: number;
}
export const SESSION_LIMITS: SessionLimits = { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 };
/** How often a request is worth a write. */
const SEEN_EVERY_MS = 60_000;

export interface SessionDeps {
  db: Db;
  clock: Clock;
  random: Random;
  seals: Seals;
  /** Default: half an hour, twelve hours. */
  limits?: SessionLimits;
}
export type SessionRow = Selectable<AccessTables['staff_session']>;

/**
 * The browser keeps a __Host- cookie to this very host, over TLS only (RFC 6265bis, 4.1.3.2), and it
 * has no end of its own: how long a session lives is decided here, request by request.
 */
const COOKIE = '__Host-voxkeep.session_token';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const CLEARED = `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`;

/** Opens a session of this account as it is now; `cookies` go into Set-Cookie headers. */
export async function openSession(
  { db, clock, random, seals }: SessionDeps,
  staff: StaffRow,
  how: { method: string; client?: string | undefined },
): Promise<{ sessionId: string; cookies: string[] }> {
  const token = random.bytes(32).toString('base64url');
  const now = clock.now();
  const row = {
    ...{ id: newUuidV7(clock, random), token_digest: seals.digest('session', token) },
    ...{ actor_id: staff.actor_id, account_version: staff.version },
    ...{ started_at: now, seen_at: now, method: how.method, client: how.client ?? null },
    totp_pending: null,
  };
  const sealed = { ...row, seal: seals.seal('staff_session', row) };
  await db.insertInto('staff_session').values(sealed).execute();
  return { sessionId: row.id, cookies: [`${COOKIE}=${token}; ${ATTRIBUTES}`] };
}

/**
 * The session of this Cookie header and its account, while both hold; undefined otherwise. Without
 * `counts` it does not put off the end for idleness.
 */
export async function findSession(
  deps: SessionDeps,
  cookie: string,
  use: { counts: boolean } = { counts: true },
): Promise<{ session: SessionRow; staff: StaffRow } | undefined> {
  const token = tokenIn(cookie);
  if (token === undefined) return undefined;
  const { db, seals } = deps;
  const session = await db
    .selectFrom('staff_session')
    .selectAll()
    .where('token_digest', '=', seals.digest('session', token))
    .executeTakeFirst();
  if (session === undefined || !seals.authentic('staff_session', session)) return undefined;
  if (isOver(deps, session)) {
    await db.deleteFrom('staff_session').where('id', '=', session.id).execute();
    return undefined;
  }
  const staff = await findStaff(deps, { id: session.actor_id });
  if (staff === undefined || staff.locked_at !== null) return undefined;
  if (staff.version !== session.account_version) return undefined;
  const now = deps.clock.now();
  const lately = now.getTime() - session.seen_at.getTime() < SEEN_EVERY_MS;
  if (lately || !use.counts) return { session, staff };
  const seen = resealed(deps, session, { seen_at: now });
  // Whatever else changed the row meanwhile is newer.
  const there = db.updateTable('staff_session').where('id', '=', session.id);
  await there.set(seen).where('seal', '=', session.seal).execute();
  return { session: seen, staff };
}

/** Keeps a second factor's secret with the session until a code confirms it. */
export async function keepPending(
  deps: SessionDeps,
  session: SessionRow,
  hidden: Buffer,
): Promise<void> {
  const row = resealed(deps, session, { totp_pending: hidden });
  await deps.db.updateTable('staff_session').set(row).where('id', '=', session.id).execute();
}

function resealed({ seals }: SessionDeps, session: SessionRow, change: Partial<SessionRow>) {
  const row = { ...session, ...change };
  return { ...row, seal: seals.seal('staff_session', row) };
}

/** Ends the session; `cookies` clear it in the browser. */
export async function signOut(deps: SessionDeps, cookie: string): Promise<{ cookies: string[] }> {
  const token = tokenIn(cookie);
  if (token !== undefined) {
    const digest = deps.seals.digest('session', token);
    await deps.db.deleteFrom('staff_session').where('token_digest', '=', digest).execute();
  }
  return { cookies: [CLEARED] };
}

export function isOver({ clock, limits = SESSION_LIMITS }: SessionDeps, session: SessionRow) {
  const now = clock.now().getTime();
  const idleMs = now - session.seen_at.getTime();
  return idleMs > limits.idleMs || now - session.started_at.getTime() > limits.absoluteMs;
}

/** What a browser would send back for these Set-Cookie lines. */
export const cookieHeader = (setCookies: string[]): string =>
  setCookies.map((line) => line.split(';')[0]).join('; ');

function tokenIn(cookie: string): string | undefined {
  const [, token] =
    new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{43})(?:;|$)`).exec(cookie) ?? [];
  return token;
}
