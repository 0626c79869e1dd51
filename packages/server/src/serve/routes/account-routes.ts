import {
  AccountIn,
  type AccountView,
  ApiKeyIn,
  PasswordIn,
  type Role,
  RoleIn,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type Account,
  createAccount,
  issueApiKey,
  listAccounts,
  listApiKeys,
  resetTotp,
  revokeApiKey,
  setLocked,
  setPassword,
  setRole,
  type Viewer,
} from '../../access/index.ts';
import type { Tx } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

type ById = { Params: { id: string } };
export type AccountRouteDeps = Omit<ServeDeps, 'signIn'> & { signIn: { random: Random } };

/** What a change did, for its ledger entry. */
interface Done<T> {
  action: string;
  resource: string;
  detail?: Record<string, string>;
  answer: T;
}

/** Accounts and API keys, for administrators. Every change is durable on the ledger before 2xx. */
export function accountRoutes(app: FastifyInstance, deps: AccountRouteDeps, gate: Gate): void {
  const { db, clock } = deps;
  /** Change and entry commit together; the answer waits for the checkpoint. */
  const change = async <T>(
    viewer: Viewer,
    request: FastifyRequest,
    work: (tx: Tx) => Promise<Done<T>>,
  ): Promise<T> => {
    const actor = { id: viewer.actorId, role: viewer.role };
    const { answer, outboxId } = await db.transaction().execute(async (tx) => {
      const { answer: made, ...entry } = await work(tx);
      const written = await deps.audit.append(tx, {
        ...{ actor, outcome: 'ok', requestId: request.id, ...entry },
      });
      return { answer: made, ...written };
    });
    await deps.audit.settle(outboxId);
    return answer;
  };

  app.get('/accounts', may('accounts'), async (request) => {
    await gate.allow(request, 'accounts');
    return { accounts: (await listAccounts(db)).map(present) };
  });

  app.post('/accounts', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const { agentId, teamId, ...rest } = check(AccountIn, request.body, 'body');
    const account = await change(viewer, request, async (tx) => {
      const made = await createAccount({ db: tx, clock }, { ...rest, ...given(agentId, teamId) });
      const detail = { role: made.role };
      return { action: 'account.create', resource: made.id, detail, answer: made };
    });
    return reply.code(201).send(present(account));
  });

  for (const verb of ['lock', 'unlock'] as const) {
    app.post<ById>(`/accounts/:id/${verb}`, may('accounts'), async (request, reply) => {
      const viewer = await gate.allow(request, 'accounts');
      const id = another(viewer, request.params.id);
      await change(viewer, request, (tx) => changeLock(tx, deps, id, verb === 'lock'));
      return reply.code(204).send();
    });
  }

  app.post<ById>('/accounts/:id/role', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const id = another(viewer, request.params.id);
    const { role, agentId, teamId } = check(RoleIn, request.body, 'body');
    await change(viewer, request, (tx) => changeRole(tx, id, role, given(agentId, teamId)));
    return reply.code(204).send();
  });

  app.post<ById>('/accounts/:id/password', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    // One's own goes by POST /session/password, which asks for the current one.
    const id = another(viewer, request.params.id);
    const { password } = check(PasswordIn, request.body, 'body');
    await change(viewer, request, async (tx) => {
      await setPassword(tx, clock, id, password);
      return changed(id, 'password');
    });
    return reply.code(204).send();
  });

  app.delete<ById>('/accounts/:id/totp', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const id = another(viewer, request.params.id);
    await change(viewer, request, async (tx) => {
      await resetTotp(tx, id);
      return changed(id, 'second-factor-reset');
    });
    return reply.code(204).send();
  });

  app.get('/api-keys', may('api_keys'), async (request) => {
    await gate.allow(request, 'api_keys');
    const keys = await listApiKeys(db);
    return {
      keys: keys.map(({ createdAt, expiresAt, revokedAt, ...key }) => ({
        ...{ ...key, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() },
        ...(revokedAt === undefined ? {} : { revokedAt: revokedAt.toISOString() }),
      })),
    };
  });

  const issue = async (request: FastifyRequest, accountId?: string) => {
    const viewer = await gate.allow(request, 'api_keys');
    const input = { ...check(ApiKeyIn, request.body, 'body'), createdBy: viewer.actorId };
    const account = accountId === undefined ? {} : { accountId: known(accountId) };
    const issued = await change(viewer, request, async (tx) => {
      const tools = { db: tx, clock, random: deps.signIn.random };
      const answer = await issueApiKey(tools, { ...input, ...account });
      return { action: 'apikey.create', resource: answer.id, detail: account, answer };
    });
    return { ...issued, expiresAt: issued.expiresAt.toISOString() };
  };
  app.post('/api-keys', may('api_keys'), async (request, reply) =>
    reply.code(201).send(await issue(request)),
  );
  app.post<ById>('/accounts/:id/api-keys', may('api_keys'), async (request, reply) =>
    reply.code(201).send(await issue(request, request.params.id)),
  );

  app.delete<ById>('/api-keys/:id', may('api_keys'), async (request, reply) => {
    const viewer = await gate.allow(request, 'api_keys');
    const { id } = request.params;
    if (!isUuid(id)) throw new ArchiveError('API_KEY_UNKNOWN', 'no such key', { field: 'id' });
    await change(viewer, request, async (tx) => {
      await revokeApiKey(tx, clock, id);
      return { action: 'apikey.revoke', resource: id, answer: undefined };
    });
    return reply.code(204).send();
  });
}

const changed = (resource: string, what: string): Done<void> => ({
  ...{ action: 'account.change', resource, detail: { changed: what }, answer: undefined },
});

async function changeRole(
  tx: Tx,
  id: string,
  role: Role,
  ids: { agentId?: string; teamId?: string },
): Promise<Done<void>> {
  await setRole(tx, id, { role, ...ids });
  return { action: 'account.change', resource: id, detail: { role }, answer: undefined };
}

async function changeLock(
  tx: Tx,
  { clock }: Pick<ServeDeps, 'clock'>,
  id: string,
  locked: boolean,
): Promise<Done<void>> {
  await setLocked(tx, clock, id, locked);
  return { action: locked ? 'account.lock' : 'account.unlock', resource: id, answer: undefined };
}

const given = (agentId: string | undefined, teamId: string | undefined) => ({
  ...(agentId === undefined ? {} : { agentId }),
  ...(teamId === undefined ? {} : { teamId }),
});

function known(id: string): string {
  if (isUuid(id)) return id;
  throw new ArchiveError('ACCOUNT_UNKNOWN', 'no such account', { field: 'id' });
}

/** Nobody raises, locks or removes themselves, so an acting administrator always remains. */
function another(viewer: Viewer, id: string): string {
  if (id !== viewer.actorId) return known(id);
  throw new ArchiveError('OWN_ACCOUNT', 'nobody changes their own account this way');
}

function present(account: Account): AccountView {
  const { id, username, displayName, role, agentId, teamId, lockedAt, createdAt } = account;
  const { secondFactor } = account;
  return {
    ...{ id, username, displayName, role, secondFactor, createdAt: createdAt.toISOString() },
    ...given(agentId, teamId),
    ...(lockedAt === undefined ? {} : { lockedAt: lockedAt.toISOString() }),
  };
}
