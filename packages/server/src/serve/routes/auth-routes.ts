import {
  ConfirmTotpIn,
  EnrolTotpIn,
  OwnPasswordIn,
  type SessionView,
  SetupIn,
  SignIn,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { signInByProvider } from '../../access/identity/index.ts';
import {
  abilitiesFor,
  accountIdOf,
  actionsOfScopes,
  clientWords,
  commitChange,
  continueSession,
  cookieHeader,
  enrolTotp,
  hasSecondFactor,
  provePassword,
  proveTotp,
  redeemSetupToken,
  setPassword,
  setTotp,
  shownAs,
  signIn,
  signOut,
  type Viewer,
} from '../../access/index.ts';
import type { AuditEntry } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { leaveRole } from './leave-role.ts';

/** Requests a minute and address, whatever comes of them: hashing passwords costs. */
const ATTEMPTS = { rateLimit: { max: 60, timeWindow: '1 minute' } };

export type AuthRouteDeps = Pick<
  ServeDeps,
  'db' | 'clock' | 'audit' | 'signIn' | 'timeZone' | 'archiveName' | 'providers' | 'warrants'
>;

/** Sign-in, session, second factor, own password, sign-out, and the first administrator. */
export function authRoutes(app: FastifyInstance, deps: AuthRouteDeps, gate: Gate): void {
  const { db, clock, audit } = deps;
  const { seals } = deps.signIn;
  const note = (entry: AuditEntry) =>
    db.transaction().execute((tx) => deps.audit.append(tx, entry));

  app.post('/session', may('public', ATTEMPTS), async (request, reply) => {
    const { provider, ...typed } = check(SignIn, request.body, 'body');
    const { username, totp } = typed;
    const client = clientWords(request.headers['user-agent']);
    const attempt = {
      ...{ username, password: typed.password, address: request.ip, client },
      ...(totp === undefined ? {} : { totp }),
    };
    const opened = await (provider === undefined
      ? signIn(deps.signIn, attempt)
      : signInByProvider(
          { ...deps.signIn, audit, roleLeft: (tx, id) => leaveRole(deps, tx, id) },
          directory(deps, provider),
          { ...attempt, requestId: request.id },
        )
    ).catch(async (error: unknown) => {
      // Looked up for every failure alike, so that its time tells nothing of the name.
      const resource =
        provider === undefined ? await accountIdOf({ db, seals }, username) : undefined;
      await note({
        ...{ actor: { id: 'unknown', role: 'none' }, action: 'session.sign_in' },
        ...{ outcome: 'refused', requestId: request.id },
        detail: { code: error instanceof ArchiveError ? error.code : 'INTERNAL' },
        ...(resource === undefined ? {} : { resource }),
      });
      throw error;
    });
    try {
      await note(entryOf(opened.viewer, request, 'session.sign_in'));
    } catch (error) {
      // A session that the ledger does not know must not live.
      await signOut(deps.signIn, cookieHeader(opened.cookies));
      throw error;
    }
    setCookies(reply, opened.cookies);
    return sessionView(deps, opened.viewer);
  });

  app.get('/session', may('signed-in'), async (request) =>
    sessionView(deps, await gate.viewer(request)),
  );

  app.delete('/session', may('person'), async (request, reply) => {
    const viewer = await gate.person(request);
    const { cookies } = await signOut(deps.signIn, request.headers.cookie ?? '');
    setCookies(reply, cookies);
    await note(entryOf(viewer, request, 'session.sign_out'));
    return reply.code(204).send();
  });

  app.post('/session/totp', may('person', ATTEMPTS), async (request) => {
    const viewer = await gate.person(request);
    const { password } = check(EnrolTotpIn, request.body, 'body');
    return enrolTotp(deps.signIn, viewer, request.headers.cookie ?? '', password);
  });

  app.post('/session/totp/confirm', may('person', ATTEMPTS), async (request, reply) => {
    const viewer = await gate.person(request);
    const { code } = check(ConfirmTotpIn, request.body, 'body');
    const cookie = request.headers.cookie ?? '';
    const hidden = await proveTotp(deps.signIn, viewer, cookie, code);
    const staff = await commitChange({ db, seals, audit }, async (tx) => ({
      answer: await setTotp(tx, viewer.actorId, hidden),
      entry: changeOf(viewer, request, 'second-factor'),
    }));
    const client = clientWords(request.headers['user-agent']);
    setCookies(reply, (await continueSession(deps.signIn, staff, client)).cookies);
    return reply.code(204).send();
  });

  app.post('/session/password', may('person', ATTEMPTS), async (request, reply) => {
    const viewer = await gate.person(request);
    const { current, password } = check(OwnPasswordIn, request.body, 'body');
    await provePassword(deps.signIn, viewer, current);
    await commitChange({ db, seals, audit }, async (tx) => ({
      answer: await setPassword(tx, viewer.actorId, password),
      entry: changeOf(viewer, request, 'password'),
    }));
    return reply.code(204).send();
  });

  app.post('/setup', may('public', ATTEMPTS), async (request, reply) => {
    const { token, ...first } = check(SetupIn, request.body, 'body');
    const account = await commitChange({ db, seals, audit }, async (tx) => {
      const made = await redeemSetupToken({ ...tx, clock }, token, first);
      const entry: AuditEntry = {
        ...{ actor: { id: made.id, role: made.role }, action: 'account.create', outcome: 'ok' },
        ...{ resource: made.id, requestId: request.id, detail: { role: made.role, by: 'token' } },
      };
      return { answer: made, entry };
    });
    return reply.code(201).send({ id: account.id, username: account.username });
  });
}

/** The provider of this name that takes names and passwords. */
function directory({ providers }: Pick<AuthRouteDeps, 'providers'>, id: string) {
  const found = providers.find(({ provider }) => provider.id === id);
  if (found?.provider.kind === 'password') {
    return { provider: found.provider, admission: found.admission };
  }
  throw new ArchiveError('REQUEST_INVALID', 'body/provider: no such directory', {
    field: 'body/provider',
  });
}

const entryOf = (viewer: Viewer, request: FastifyRequest, action: string): AuditEntry => ({
  ...{ actor: { id: viewer.actorId, role: viewer.role }, action },
  ...{ outcome: 'ok', requestId: request.id },
});

const changeOf = (viewer: Viewer, request: FastifyRequest, what: string): AuditEntry => ({
  ...entryOf(viewer, request, 'account.change'),
  ...{ resource: viewer.actorId, detail: { changed: what } },
});

async function sessionView(deps: AuthRouteDeps, viewer: Viewer): Promise<SessionView> {
  const { actorId, username, displayName, role, agentId, teamId, engagementId } = viewer;
  return {
    actor: {
      ...{ id: actorId, username, displayName, role },
      ...(agentId === undefined ? {} : { agentId }),
      ...(teamId === undefined ? {} : { teamId }),
      ...(engagementId === undefined ? {} : { engagementId }),
    },
    abilities:
      viewer.scopes === undefined
        ? abilitiesFor(viewer, deps.clock.now())
        : actionsOfScopes(viewer.scopes).map((action) => ({ ...shownAs(action) })),
    timeZone: deps.timeZone,
    archiveName: deps.archiveName,
    secondFactor: await hasSecondFactor(deps.signIn, viewer.actorId),
  };
}

function setCookies(reply: FastifyReply, cookies: string[]): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie);
}
