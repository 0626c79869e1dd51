import { ClosureIn, ClosuresQuery, type ClosuresView, type ClosureView } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

/** Closed accounts: told by the system where they are closed, or by compliance. */
export function closureRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  app.post('/account-closures', may('close_account'), async (request, reply) => {
    const { actorId: id, role } = await gate.allow(request, 'close_account');
    const told = check(ClosureIn, request.body, 'body');
    const { created } = await deps.closures.tell(told, { id, role }, request.id);
    const view = await deps.closures.one(told.reference);
    return reply.code(created ? 201 : 200).send(view);
  });

  app.get<{ Params: { reference: string } }>(
    '/account-closures/:reference',
    may('close_account'),
    async (request): Promise<ClosureView> => {
      await gate.allow(request, 'close_account');
      return deps.closures.one(request.params.reference);
    },
  );

  app.get('/account-closures', may('retention'), async (request): Promise<ClosuresView> => {
    await gate.allow(request, 'retention');
    const { before, limit } = check(ClosuresQuery, request.query, 'query');
    const found = await deps.closures.list({ before, limit });
    const closures = found.slice(0, limit);
    const last = closures.at(-1);
    return { closures, ...(found.length > limit && last ? { next: last.id } : {}) };
  });
}
