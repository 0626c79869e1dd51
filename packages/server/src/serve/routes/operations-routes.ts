import { JobsQuery, SavedFilterIn } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { sqlCondition } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid, type RecordId } from '../../core/ids.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import type { ServeDeps } from '../ports.ts';
import { deleteFilter, listFilters, saveFilter } from '../search/index.ts';

/** Jobs and quarantine, status, vocabulary, and a person's saved filters. */
export function operationsRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  app.get('/jobs', async (request) => {
    await gate.allow(request, 'jobs');
    const { state, cursor, limit } = check(JobsQuery, request.query, 'query');
    return deps.operations.jobs({
      limit,
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { before: cursor }),
    });
  });

  app.post<{ Params: { id: string } }>('/jobs/:id/retry', async (request) => {
    const viewer = await gate.allow(request, 'retry_job');
    const { id } = request.params;
    if (!isUuid(id)) throw new ArchiveError('RECORD_UNKNOWN', 'no such record', { field: 'id' });
    const actor = { id: viewer.actorId, role: viewer.role };
    return { id, state: await deps.operations.resume(id as RecordId, actor, request.id) };
  });

  app.get('/drop', async (request) => {
    await gate.allow(request, 'jobs');
    return deps.operations.drop();
  });

  app.get('/status', async (request) => {
    await gate.allow(request, 'status');
    return deps.operations.status();
  });

  app.get('/vocabulary', async (request) => {
    const viewer = await gate.allow(request, 'search');
    // An agent or team that is in no call that the viewer may find is not told of.
    const found = sqlCondition(viewer, 'search', deps.clock.now(), deps.timeZone);
    return deps.operations.vocabulary(found);
  });

  app.get('/saved-filters', async (request) => {
    const viewer = await gate.allow(request, 'search');
    return listFilters(deps.db, deps.ownRows, viewer.actorId);
  });

  app.post('/saved-filters', async (request, reply) => {
    const viewer = await gate.allow(request, 'search');
    const filter = check(SavedFilterIn, request.body, 'body');
    return reply.code(201).send(await saveFilter(deps, viewer.actorId, filter));
  });

  app.delete<{ Params: { id: string } }>('/saved-filters/:id', async (request, reply) => {
    const viewer = await gate.viewer(request);
    const gone = isUuid(request.params.id)
      ? await deleteFilter(deps.db, viewer.actorId, request.params.id)
      : false;
    if (!gone) throw new ArchiveError('FILTER_UNKNOWN', 'no such saved filter', { field: 'id' });
    return reply.code(204).send();
  });
}
