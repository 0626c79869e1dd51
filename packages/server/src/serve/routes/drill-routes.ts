import { DrillIn } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

/** Recoveries that were rehearsed, and one that begins now. */
export function drillRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  app.get('/drills', may('status'), async (request) => {
    await gate.allow(request, 'status');
    return deps.drills.view();
  });

  app.post('/drills', may('retry_job'), async (request, reply) => {
    const { actorId: id, role } = await gate.allow(request, 'retry_job');
    const wanted = check(DrillIn, request.body ?? {}, 'body');
    return reply.code(202).send(await deps.drills.begin(wanted, { id, role }, request.id));
  });
}
