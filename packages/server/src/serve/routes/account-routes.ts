import {
  AccountIn,
  type AccountView,
  ApiKeyIn,
  IdentityIn,
  PasswordIn,
  PersonIn,
  type Role,
  RoleIn,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { linkIdentity } from '../../access/identity/index.ts';
import {
  type Account,
  type ChangeDeps,
  commitChange,
  createAccount,
  issueApiKey,
  lastSeen,
  listAccounts,
  listApiKeys,
  resetTotp,
  revokeApiKey,
  setLocked,
  setPassword,
  setPerson,
  setRole,
  type TimeBox,
  type Viewer,
} from '../../access/index.ts';
import { endRequestsOf } from '../../access/requests/index.ts';
import type { Clock } from '../../core/clock.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { leaveRole } from './leave-role.ts';

type ById = { Params: { id: string } };
export type AccountRouteDeps = Pick<
  ServeDeps,
  'db' | 'clock' | 'audit' | 'signIn' | 'warrants' | 'providers' | 'engagements'
>;

/** What a change did, for its ledger entry. */
interface Done<T> {
  action: string;
  resource: string;
  detail?: Record<string, string>;
  answer: T;
}

/** Accounts and API keys, for administrators. Every change is durable on the ledger before 2xx. */
export function accountRoutes(app: FastifyInstance, deps: AccountRouteDeps, gate: Gate): void {
  const { db, clock, audit } = deps;
  const { seals, random } = deps.signIn;
  const change = async <T>(
    viewer: Viewer,
    request: FastifyRequest,
    work: (tx: ChangeDeps) => Promise<Done<T>>,
  ): Promise<T> => {
    const actor = { id: viewer.actorId, role: viewer.role };
    return commitChange({ db, seals, audit }, async (tx) => {
      const { answer, ...done } = await work(tx);
      return { answer, entry: { actor, outcome: 'ok', requestId: request.id, ...done } };
    });
  };

  const presentAll = async () =>
    present(await listAccounts({ db, seals }), await lastSeen(deps.signIn));

  app.get('/accounts', may('accounts'), async (request) => {
    await gate.allow(request, 'accounts');
    return { accounts: await presentAll() };
  });

  app.post('/accounts', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const input = check(AccountIn, request.body, 'body');
    const { agentId, teamId, personId, engagementId, ...rest } = input;
    const ids = { ...given(agentId, teamId), ...(personId === undefined ? {} : { personId }) };
    const account = await change(viewer, request, async (tx) => {
      const within =
        engagementId === undefined
          ? {}
          : { within: await deps.engagements.timeBox(tx.db, engagementId) };
      const made = await createAccount({ ...tx, clock }, { ...rest, ...ids, ...within });
      const bound = engagementId === undefined ? {} : { engagement: engagementId };
      const detail = { role: made.role, ...bound };
      return { action: 'account.create', resource: made.id, detail, answer: made };
    });
    const all = await presentAll();
    return reply.code(201).send(all.find(({ id }) => id === account.id));
  });

  /** Who comes in by what an administrator has set must not find what somebody else was granted. */
  const takenOver = async (tx: ChangeDeps, id: string, what: string): Promise<Done<void>> => {
    await endRequestsOf({ ...deps, db: tx.db }, id);
    return changed(id, what);
  };

  for (const verb of ['lock', 'unlock'] as const) {
    app.post<ById>(`/accounts/:id/${verb}`, may('accounts'), async (request, reply) => {
      const viewer = await gate.allow(request, 'accounts');
      const id = another(viewer, request.params.id);
      await change(viewer, request, (tx) => changeLock({ ...tx, clock }, id, verb === 'lock'));
      return reply.code(204).send();
    });
  }

  app.post<ById>('/accounts/:id/role', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const id = another(viewer, request.params.id);
    const { role, agentId, teamId } = check(RoleIn, request.body, 'body');
    await change(viewer, request, async (tx) => {
      const done = await changeRole(tx, id, role, given(agentId, teamId));
      await leaveRole(deps, tx.db, id);
      return done;
    });
    return reply.code(204).send();
  });

  app.post<ById>('/accounts/:id/password', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    // One's own goes by POST /session/password, which asks for the current one.
    const id = another(viewer, request.params.id);
    const { password } = check(PasswordIn, request.body, 'body');
    await change(viewer, request, async (tx) => {
      await setPassword(tx, id, password);
      return takenOver(tx, id, 'password');
    });
    return reply.code(204).send();
  });

  app.post<ById>('/accounts/:id/person', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const id = known(request.params.id);
    const { personId } = check(PersonIn, request.body, 'body');
    await change(viewer, request, async (tx) => {
      await setPerson(tx, id, personId);
      return takenOver(tx, id, 'person');
    });
    return reply.code(204).send();
  });

  app.post<ById>('/accounts/:id/identity', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const id = another(viewer, request.params.id);
    const identity = check(IdentityIn, request.body, 'body');
    demandProvider(deps, identity.provider);
    await change(viewer, request, async (tx) => {
      await linkIdentity(tx, id, identity);
      return takenOver(tx, id, 'identity');
    });
    return reply.code(204).send();
  });

  app.delete<ById>('/accounts/:id/totp', may('accounts'), async (request, reply) => {
    const viewer = await gate.allow(request, 'accounts');
    const id = another(viewer, request.params.id);
    await change(viewer, request, async (tx) => {
      await resetTotp(tx, id);
      return takenOver(tx, id, 'second-factor-reset');
    });
    return reply.code(204).send();
  });

  app.get('/api-keys', may('api_keys'), async (request) => {
    await gate.allow(request, 'api_keys');
    const keys = await listApiKeys({ db, seals });
    return {
      keys: keys.map(({ createdAt, expiresAt, revokedAt, scopes, ...key }) => ({
        ...{
          ...key,
          scopes: [...scopes],
          createdAt: createdAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
        },
        ...(revokedAt === undefined ? {} : { revokedAt: revokedAt.toISOString() }),
      })),
    };
  });

  const issue = async (request: FastifyRequest, accountId?: string) => {
    const viewer = await gate.allow(request, 'api_keys');
    const input = { ...check(ApiKeyIn, request.body, 'body'), createdBy: viewer.actorId };
    const account = accountId === undefined ? {} : { accountId: known(accountId) };
    const issued = await change(viewer, request, async (tx) => {
      const answer = await issueApiKey({ ...tx, clock, random }, { ...input, ...account });
      const detail = { ...account, scopes: input.scopes.join('+') };
      return { action: 'apikey.create', resource: answer.id, detail, answer };
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
      await revokeApiKey({ ...tx, clock }, id);
      return { action: 'apikey.revoke', resource: id, answer: undefined };
    });
    return reply.code(204).send();
  });
}

function demandProvider({ providers }: Pick<AccountRouteDeps, 'providers'>, id: string): void {
  if (providers.some(({ provider }) => provider.id === id)) return;
  const field = 'body/provider';
  throw new ArchiveError('REQUEST_INVALID', `${field}: no such provider`, { field });
}

const changed = (resource: string, what: string): Done<void> => ({
  ...{ action: 'account.change', resource, detail: { changed: what }, answer: undefined },
});

async function changeRole(
  tx: ChangeDeps,
  id: string,
  role: Role,
  ids: { agentId?: string; teamId?: string },
): Promise<Done<void>> {
  await setRole(tx, id, { role, ...ids });
  return { action: 'account.change', resource: id, detail: { role }, answer: undefined };
}

async function changeLock(
  tx: ChangeDeps & { clock: Clock },
  id: string,
  locked: boolean,
): Promise<Done<void>> {
  await setLocked(tx, id, locked);
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

const shownTerm = ({ engagementId, opensAt, shutsAt }: TimeBox) => ({
  ...{ engagementId, opensAt: opensAt.toISOString(), shutsAt: shutsAt.toISOString() },
});

/** Each with the other accounts of its person: a second account is no second pair of eyes. */
function present(accounts: Account[], seen: Map<string, Date>): AccountView[] {
  const byPerson = new Map<string, string[]>();
  for (const { id, personRef } of accounts) {
    if (personRef !== undefined) byPerson.set(personRef, [...(byPerson.get(personRef) ?? []), id]);
  }
  return accounts.map((account) => {
    const { id, username, displayName, role, agentId, teamId, lockedAt, createdAt } = account;
    const { secondFactor, personRef, provider, within } = account;
    const seenAt = seen.get(id);
    const others = (byPerson.get(personRef ?? '') ?? []).filter((other) => other !== id);
    return {
      ...{ id, username, displayName, role, secondFactor, createdAt: createdAt.toISOString() },
      ...{ ...given(agentId, teamId), person: personRef !== undefined },
      ...(provider === undefined ? {} : { provider }),
      ...(lockedAt === undefined ? {} : { lockedAt: lockedAt.toISOString() }),
      ...(others.length === 0 ? {} : { samePersonAs: others }),
      ...(seenAt === undefined ? {} : { seenAt: seenAt.toISOString() }),
      ...(within === undefined ? {} : { within: shownTerm(within) }),
    };
  });
}
