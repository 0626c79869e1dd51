import { AttestIn, JobsQuery, PlacementApplyIn, RotateIn, SavedFilterIn } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { sqlCondition } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid, type RecordId } from '../../core/ids.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { deleteFilter, listFilters, saveFilter } from '../search/index.ts';

/** Jobs and quarantine, status, vocabulary, and a person's saved filters. */
export function operationsRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  app.get('/jobs', may('jobs'), async (request) => {
    await gate.allow(request, 'jobs');
    const { state, cursor, limit } = check(JobsQuery, request.query, 'query');
    return deps.operations.jobs({
      limit,
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { before: cursor }),
    });
  });

  app.post<{ Params: { id: string } }>('/jobs/:id/retry', may('retry_job'), async (request) => {
    const viewer = await gate.allow(request, 'retry_job');
    const { id } = request.params;
    if (!isUuid(id)) throw new ArchiveError('RECORD_UNKNOWN', 'no such record', { field: 'id' });
    const actor = { id: viewer.actorId, role: viewer.role };
    return { id, state: await deps.operations.resume(id as RecordId, actor, request.id) };
  });

  app.get('/drop', may('jobs'), async (request) => {
    await gate.allow(request, 'jobs');
    return deps.operations.drop();
  });

  app.get('/status', may('status'), async (request) => {
    await gate.allow(request, 'status');
    return deps.operations.status();
  });

  app.get('/placement', may('status'), async (request) => {
    await gate.allow(request, 'status');
    return deps.placement.view();
  });

  app.post('/placement/plan', may('status'), async (request) => {
    await gate.allow(request, 'status');
    return deps.placement.plan();
  });

  app.post('/placement/apply', may('retry_job'), async (request, reply) => {
    const { actorId: id, role } = await gate.allow(request, 'retry_job');
    const { digest } = check(PlacementApplyIn, request.body, 'body');
    return reply.code(202).send(await deps.placement.apply(digest, { id, role }, request.id));
  });

  app.get('/keys', may(['key_ceremony', 'audits']), async (request) => {
    await gate.allowOne(request, ['key_ceremony', 'audits']);
    return deps.keys.view();
  });

  app.post('/keys/rotate', may('key_ceremony'), async (request, reply) => {
    const { actorId: id, role } = await gate.allow(request, 'key_ceremony');
    const { pool } = check(RotateIn, request.body ?? {}, 'body');
    return reply.code(202).send(await deps.keys.rotate(pool, { id, role }, request.id));
  });

  app.post('/keys/rotate/finish', may('key_ceremony'), async (request) => {
    const { actorId: id, role } = await gate.allow(request, 'key_ceremony');
    return deps.keys.finish({ id, role }, request.id);
  });

  app.post('/keys/attestations', may('key_ceremony'), async (request) => {
    const { actorId: id, role } = await gate.allow(request, 'key_ceremony');
    const share = check(AttestIn, request.body, 'body');
    return deps.keys.attest(share, { id, role }, request.id);
  });

  app.get('/vocabulary', may('search'), async (request) => {
    const viewer = await gate.allow(request, 'search');
    // An agent or team that is in no call that the viewer may find is not told of.
    const found = sqlCondition(viewer, 'search', deps.clock.now(), deps.timeZone);
    return deps.operations.vocabulary(found);
  });

  app.get('/saved-filters', may('search'), async (request) => {
    const viewer = await gate.allow(request, 'search');
    return listFilters(deps.db, deps.ownRows, viewer.actorId);
  });

  app.post('/saved-filters', may('search'), async (request, reply) => {
    const viewer = await gate.allow(request, 'search');
    const filter = check(SavedFilterIn, request.body, 'body');
    return reply.code(201).send(await saveFilter(deps, viewer.actorId, filter));
  });

  app.delete<{ Params: { id: string } }>(
    '/saved-filters/:id',
    may('signed-in'),
    async (request, reply) => {
      const viewer = await gate.viewer(request);
      const gone = isUuid(request.params.id)
        ? await deleteFilter(deps.db, viewer.actorId, request.params.id)
        : false;
      if (!gone) throw new ArchiveError('FILTER_UNKNOWN', 'no such saved filter', { field: 'id' });
      return reply.code(204).send();
    },
  );
}
