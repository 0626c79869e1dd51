import type { Role } from '@voxkeep/contract';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { ACCESS_STATUS, authenticate, cookieHeader, createAccount } from '../../access/index.ts';
import { testSeals } from '../../access/seals.testing.ts';
import type { Audit, AuditEntry } from '../../core/audit.ts';
import { systemClock } from '../../core/clock.ts';
import { ArchiveError } from '../../core/errors.ts';
import { systemRandom } from '../../core/random.ts';
import { entryBody } from '../../ledger/entry.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { createGate } from '../http/gate.ts';
import { problemOf } from '../problem.ts';
import { accountRoutes } from './account-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { sessionRoutes } from './session-routes.ts';

export const seals = testSeals();
export const PASSWORD = 'correct horse battery';
export let database: Awaited<ReturnType<typeof testDatabase>>;
let app: FastifyInstance;

/** What the ledger was told since the last test, and whether it is to fail. */
export const ledger = { entries: [] as AuditEntry[], settled: [] as string[], fails: false };

/** A ledger in memory that checks entries as the real one does, and can be switched off. */
const audit: Audit = {
  append: async (_tx, entry) => {
    const { actor, ...rest } = entry;
    entryBody({ actorId: actor.id, actorRole: actor.role, ...rest }, new Date());
    if (ledger.fails) throw new ArchiveError('LEDGER_UNAVAILABLE', 'switched off');
    ledger.entries.push(entry);
    return { outboxId: String(ledger.entries.length) };
  },
  settle: async (outboxId) => {
    ledger.settled.push(outboxId);
    return { index: Number(outboxId) };
  },
};

/** The routes of accounts and sessions over an empty archive with three accounts, named by their roles. */
export async function openAccountScene(): Promise<void> {
  database = await testDatabase();
  const tools = { db: database.db, clock: systemClock };
  const signIn = { ...tools, random: systemRandom, seals };
  const warrants = {
    passkeys: async () => [],
    liveFor: async () => ({ grants: [], mandates: [] }),
  };
  const deps = {
    ...tools,
    warrants,
    audit,
    timeZone: 'Asia/Shanghai',
    archiveName: '留声',
    providers: [],
    signIn,
  };
  const gate = createGate(deps, (request) => authenticate(signIn, request.headers));
  app = Fastify({ genReqId: () => 'r1' });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id, ACCESS_STATUS);
    return reply.code(problem.status).send(problem);
  });
  // The routes under test touch no other port.
  authRoutes(app, deps as never, gate);
  accountRoutes(app, deps as never, gate);
  sessionRoutes(app, deps as never, gate);
  await app.ready();
  for (const role of ['admin', 'qa', 'operator'] as const) await account(role, role);
}
export async function closeAccountScene(): Promise<void> {
  await app.close();
  await database.close();
}
export function tidyLedger(): void {
  ledger.entries = [];
  ledger.settled = [];
  ledger.fails = false;
}

export const account = (username: string, role: Role) =>
  createAccount(
    { db: database.db, clock: systemClock, seals },
    { username, displayName: 'P', role, password: PASSWORD, agentId: '001', teamId: 'a' },
  );
export const send = (method: 'GET' | 'POST' | 'DELETE', url: string, more: InjectOptions = {}) =>
  app.inject({ method, url, ...more });
export async function enter(username: string, more: Record<string, string> = {}) {
  const payload = { username, password: PASSWORD, ...more };
  const answer = await send('POST', '/session', { payload });
  const lines = [answer.headers['set-cookie'] ?? []].flat();
  return { answer, headers: { cookie: cookieHeader(lines) } };
}
