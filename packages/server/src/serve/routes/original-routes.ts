import { OriginalRejectIn, OriginalWaitIn } from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Viewer } from '../../access/index.ts';
import { partyOf } from '../../access/requests/index.ts';
import { isUuid } from '../../core/ids.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

type ById = { Params: { id: string } };
const READERS = ['retention', 'audits', 'approve'] as const;
const NOTHING = '00000000-0000-0000-0000-000000000000';

/** Until when sensitive originals are needed; a longer wait is asked for and granted by others. */
export function originalRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { originals } = deps;
  /** What is no id is of nothing. */
  const idOf = ({ params }: FastifyRequest<ById>) => (isUuid(params.id) ? params.id : NOTHING);
  const officerOf = (viewer: Viewer, { id: requestId }: FastifyRequest<ById>) => ({
    ...{ actor: { id: viewer.actorId, role: viewer.role }, person: partyOf(viewer).person },
    requestId,
  });

  app.get<ById>('/records/:id/original-wait', may(READERS), async (request) => {
    const { personRef } = await gate.allowOne(request, READERS);
    return originals.view(idOf(request), personRef);
  });

  app.post<ById>('/records/:id/original-wait', may('retention'), async (request, reply) => {
    const officer = officerOf(await gate.allow(request, 'retention'), request);
    const asked = check(OriginalWaitIn, request.body, 'body');
    const view = await originals.ask({ ...asked, recordId: idOf(request) }, officer);
    return reply.code(201).send(view);
  });

  app.get('/original-waits', may(READERS), async (request) => {
    const { personRef } = await gate.allowOne(request, READERS);
    return originals.asked(personRef);
  });

  app.post<ById>('/original-waits/:id/approve', may('approve'), async (request) => {
    const officer = officerOf(await gate.allow(request, 'approve'), request);
    return originals.decide({ id: idOf(request), decision: 'approved' }, officer);
  });

  app.post<ById>('/original-waits/:id/reject', may('approve'), async (request) => {
    const officer = officerOf(await gate.allow(request, 'approve'), request);
    const { reason } = check(OriginalRejectIn, request.body, 'body');
    return originals.decide({ id: idOf(request), decision: 'rejected', reason }, officer);
  });
}
