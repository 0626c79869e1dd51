import { ScrubIn, SiteHistoryQuery } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

const DAY_MS = 86_400_000;

/** The sites, what they were like, what is wrong with their copies, and walks over them. */
export function siteRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  app.get('/sites', may('status'), async (request) => {
    await gate.allow(request, 'status');
    return deps.sites.view();
  });

  app.get<{ Params: { name: string } }>('/sites/:name/history', may('status'), async (request) => {
    await gate.allow(request, 'status');
    const query = check(SiteHistoryQuery, request.query, 'query');
    const to = query.to === undefined ? deps.clock.now() : new Date(query.to);
    const from = query.from === undefined ? new Date(to.getTime() - DAY_MS) : new Date(query.from);
    if (from >= to) {
      throw new ArchiveError('REQUEST_INVALID', 'query/from: is not before the end', {
        field: 'query/from',
      });
    }
    return deps.sites.history(request.params.name, { from, to });
  });

  app.get<{ Params: { name: string } }>('/sites/:name/faults', may('status'), async (request) => {
    await gate.allow(request, 'status');
    return deps.sites.faults(request.params.name);
  });

  app.post<{ Params: { name: string } }>(
    '/sites/:name/scrub',
    may('retry_job'),
    async (request, reply) => {
      const { actorId: id, role } = await gate.allow(request, 'retry_job');
      const { kind } = check(ScrubIn, request.body ?? {}, 'body');
      const { name } = request.params;
      return reply.code(202).send(await deps.sites.scrub(name, kind, { id, role }, request.id));
    },
  );
}
