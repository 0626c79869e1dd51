import type { SessionsView } from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  commitChange,
  endSession,
  listSessions,
  type OpenSession,
  type Viewer,
} from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

type ById = { Params: { id: string } };
type OfAnother = { Params: { id: string; session: string } };

/** Which sessions are open, one's own and, for administrators, another's; and their end. */
export function sessionRoutes(
  app: FastifyInstance,
  deps: Pick<ServeDeps, 'db' | 'audit' | 'signIn'>,
  gate: Gate,
): void {
  const end = (viewer: Viewer, request: FastifyRequest, of: string, session: string) =>
    commitChange({ ...deps, seals: deps.signIn.seals }, async (tx) => ({
      answer: await endSession(tx, demandId(of, 'ACCOUNT_UNKNOWN'), demandId(session)),
      entry: {
        ...{ actor: { id: viewer.actorId, role: viewer.role }, action: 'session.end' },
        ...{ resource: of, outcome: 'ok', requestId: request.id, detail: { session } },
      },
    }));

  app.get('/session/list', may('person'), async (request): Promise<SessionsView> => {
    const viewer = await gate.person(request);
    return present(await listSessions(deps.signIn, viewer.actorId), viewer.sessionId);
  });

  app.delete<ById>('/session/list/:id', may('person'), async (request, reply) => {
    const viewer = await gate.person(request);
    await end(viewer, request, viewer.actorId, request.params.id);
    return reply.code(204).send();
  });

  app.get<ById>('/accounts/:id/sessions', may('accounts'), async (request) => {
    const viewer = await gate.allow(request, 'accounts');
    const id = demandId(request.params.id, 'ACCOUNT_UNKNOWN');
    return present(await listSessions(deps.signIn, id), viewer.sessionId);
  });

  app.delete<OfAnother>(
    '/accounts/:id/sessions/:session',
    may('accounts'),
    async (request, reply) => {
      const viewer = await gate.allow(request, 'accounts');
      await end(viewer, request, request.params.id, request.params.session);
      return reply.code(204).send();
    },
  );
}

function present(sessions: OpenSession[], current: string | undefined): SessionsView {
  return {
    sessions: sessions.map(({ startedAt, seenAt, ...session }) => ({
      ...{ ...session, startedAt: startedAt.toISOString(), seenAt: seenAt.toISOString() },
      current: session.id === current,
    })),
  };
}

function demandId(id: string, code = 'SESSION_UNKNOWN'): string {
  if (isUuid(id)) return id;
  const what = code === 'SESSION_UNKNOWN' ? 'session' : 'account';
  throw new ArchiveError(code, `no such ${what}`, { field: 'id' });
}
