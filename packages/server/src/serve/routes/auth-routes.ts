import { type SessionView, SignIn } from '@voxkeep/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  abilitiesFor,
  redeemSetupToken,
  signIn,
  signOut,
  type Viewer,
} from '../../access/index.ts';
import { hasCode } from '../../core/errors.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import type { ServeDeps } from '../ports.ts';

const SetupIn = z.strictObject({
  token: z.string().min(1).max(200),
  username: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,59}$/, 'lower-case letters, digits, . _ -'),
  displayName: z.string().trim().min(1).max(60),
  password: z.string().min(12).max(200),
});
/** Attempts a minute and address; the account's own lock comes on top. */
const ATTEMPTS = { config: { rateLimit: { max: 30, timeWindow: '1 minute' } } };

/** Sign-in, session and sign-out, and the first administrator. */
export function authRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const note = (
    actor: { id: string; role: string },
    action: string,
    requestId: string,
    ok = true,
  ) =>
    deps.db
      .transaction()
      .execute((tx) =>
        deps.audit.append(tx, { actor, action, outcome: ok ? 'ok' : 'refused', requestId }),
      );
  const view = (viewer: Viewer): SessionView => ({
    actor: {
      ...{ id: viewer.actorId, username: viewer.username, displayName: viewer.displayName },
      role: viewer.role,
      ...(viewer.agentId === undefined ? {} : { agentId: viewer.agentId }),
      ...(viewer.teamId === undefined ? {} : { teamId: viewer.teamId }),
    },
    abilities: abilitiesFor(viewer),
    timeZone: deps.timeZone,
    archiveName: deps.archiveName,
  });

  app.post('/session', ATTEMPTS, async (request, reply) => {
    const attempt = check(SignIn, request.body, 'body');
    try {
      const { username, password, totp } = attempt;
      const given = { username, password, ...(totp === undefined ? {} : { totp }) };
      const { viewer, cookies } = await signIn(deps.signIn, given);
      setCookies(reply, cookies);
      const actor = { id: viewer.actorId, role: viewer.role };
      await note(actor, 'session.sign_in', request.id);
      return view(viewer);
    } catch (error) {
      if (!hasCode(error, 'TOTP_REQUIRED')) {
        await note({ id: 'unknown', role: 'none' }, 'session.sign_in', request.id, false);
      }
      throw error;
    }
  });

  app.get('/session', async (request) => view(await gate.viewer(request)));

  app.delete('/session', async (request, reply) => {
    const viewer = await gate.viewer(request);
    const { cookies } = await signOut(deps.signIn, request.headers.cookie ?? '');
    setCookies(reply, cookies);
    const actor = { id: viewer.actorId, role: viewer.role };
    await note(actor, 'session.sign_out', request.id);
    return reply.code(204).send();
  });

  app.post('/setup', ATTEMPTS, async (request, reply) => {
    const { token, ...person } = check(SetupIn, request.body, 'body');
    const account = await redeemSetupToken(deps.signIn, token, person);
    await note({ id: account.id, role: account.role }, 'account.create', request.id);
    return reply.code(201).send({ id: account.id, username: account.username });
  });
}

function setCookies(reply: FastifyReply, cookies: string[]): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie);
}
