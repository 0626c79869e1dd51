import { AccountIn, type AccountView, ApiKeyIn, Role } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  type Account,
  createAccount,
  issueApiKey,
  listAccounts,
  listApiKeys,
  revokeApiKey,
  setLocked,
  setRole,
  type Viewer,
} from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import type { ServeDeps } from '../ports.ts';

type ById = { Params: { id: string } };
const RoleIn = z.strictObject({
  role: Role,
  agentId: z.string().min(1).max(64).optional(),
  teamId: z.string().min(1).max(64).optional(),
});

/** Accounts and API keys, for administrators. Every change is durable on the ledger before 2xx. */
export function accountRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const note = async (
    viewer: Viewer,
    action: string,
    requestId: string,
    resource: string,
    detail: Record<string, string> = {},
  ) => {
    const actor = { id: viewer.actorId, role: viewer.role };
    const { outboxId } = await deps.db
      .transaction()
      .execute((tx) =>
        deps.audit.append(tx, { actor, action, resource, outcome: 'ok', requestId, detail }),
      );
    await deps.audit.settle(outboxId);
  };

  app.get('/accounts', async (request) => {
    await gate.allow(request, 'accounts');
    return { accounts: (await listAccounts(deps.db)).map(present) };
  });

  app.post('/accounts', async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const { agentId, teamId, ...rest } = check(AccountIn, request.body, 'body');
    const account = await createAccount(deps.signIn, {
      ...rest,
      ...(agentId === undefined ? {} : { agentId }),
      ...(teamId === undefined ? {} : { teamId }),
    });
    await note(viewer, 'account.create', request.id, account.id, { role: account.role });
    return reply.code(201).send(present(account));
  });

  for (const verb of ['lock', 'unlock'] as const) {
    app.post<ById>(`/accounts/:id/${verb}`, async (request, reply) => {
      const viewer = await gate.allow(request, 'accounts');
      const id = known(request.params.id);
      if (id === viewer.actorId) {
        throw new ArchiveError('FORBIDDEN', 'nobody locks their own account');
      }
      await setLocked(deps.db, deps.clock, id, verb === 'lock');
      await note(viewer, `account.${verb}`, request.id, id);
      return reply.code(204).send();
    });
  }

  app.post<ById>('/accounts/:id/role', async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const id = known(request.params.id);
    const { role, agentId, teamId } = check(RoleIn, request.body, 'body');
    await setRole(deps.db, id, {
      role,
      ...(agentId === undefined ? {} : { agentId }),
      ...(teamId === undefined ? {} : { teamId }),
    });
    await note(viewer, 'account.change', request.id, id, { role });
    return reply.code(204).send();
  });

  app.get('/api-keys', async (request) => {
    await gate.allow(request, 'api_keys');
    return { keys: await listApiKeys(deps.db) };
  });

  app.post('/api-keys', async (request, reply) => {
    const viewer = await gate.allow(request, 'api_keys');
    const { name, expiresInDays } = check(ApiKeyIn, request.body, 'body');
    const issued = await issueApiKey(deps.signIn, {
      ...{ name, expiresInDays, createdBy: viewer.actorId },
    });
    await note(viewer, 'apikey.create', request.id, issued.id);
    return reply.code(201).send({ ...issued, expiresAt: issued.expiresAt.toISOString() });
  });

  app.delete<ById>('/api-keys/:id', async (request, reply) => {
    const viewer = await gate.allow(request, 'api_keys');
    const id = known(request.params.id);
    await revokeApiKey(deps.db, deps.clock, id);
    await note(viewer, 'apikey.revoke', request.id, id);
    return reply.code(204).send();
  });
}

function known(id: string): string {
  if (!isUuid(id)) throw new ArchiveError('ACCOUNT_UNKNOWN', 'no such account', { field: 'id' });
  return id;
}

function present(account: Account): AccountView {
  const { id, username, displayName, role, agentId, teamId, lockedAt, createdAt } = account;
  return {
    ...{ id, username, displayName, role, createdAt: createdAt.toISOString() },
    ...(agentId === undefined ? {} : { agentId }),
    ...(teamId === undefined ? {} : { teamId }),
    ...(lockedAt === undefined ? {} : { lockedAt: lockedAt.toISOString() }),
  };
}
