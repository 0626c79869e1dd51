import { Readable } from 'node:stream';
import {
  SubjectExtendIn,
  SubjectReasonIn,
  SubjectRecordsQuery,
  type SubjectRecordsView,
  type SubjectRequestDetail,
  SubjectRequestIn,
  SubjectRequestsQuery,
  type SubjectRequestsView,
  type SubjectRequestView,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { partyOf } from '../../access/requests/index.ts';
import { hasCode } from '../../core/errors.ts';
import { sendCopy } from '../export/send-copy.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import { watched } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';

type ById = { Params: { id: string } };

/** What persons ask for: entered and answered by compliance, by two people where something is granted. */
export function subjectRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const officerOf = async (request: FastifyRequest) => {
    const viewer = await gate.allow(request, 'retention');
    const { person } = partyOf(viewer);
    return { actor: { id: viewer.actorId, role: viewer.role }, person };
  };

  app.post('/subject-requests', may('retention'), async (request, reply) => {
    const officer = await officerOf(request);
    const wanted = check(SubjectRequestIn, request.body, 'body');
    const id = await deps.subjects.enter(wanted, officer, request.id);
    return reply.code(201).send(await deps.subjects.one(id, officer));
  });

  app.get('/subject-requests', may('retention'), async (request): Promise<SubjectRequestsView> => {
    const officer = await officerOf(request);
    return deps.subjects.list(check(SubjectRequestsQuery, request.query, 'query'), officer);
  });

  app.get<ById>(
    '/subject-requests/:id',
    may('retention'),
    async (request): Promise<SubjectRequestDetail> => {
      const officer = await officerOf(request);
      return deps.subjects.open(request.params.id, officer, request.id);
    },
  );

  app.get<ById>(
    '/subject-requests/:id/records',
    may('retention'),
    async (request): Promise<SubjectRecordsView> => {
      const officer = await officerOf(request);
      const { after, limit } = check(SubjectRecordsQuery, request.query, 'query');
      const found = await deps.subjects.records(request.params.id, { after, limit }, officer);
      const records = found.slice(0, limit);
      const last = records.at(-1);
      return { records, ...(found.length > limit && last ? { next: last.id } : {}) };
    },
  );

  app.post<ById>(
    '/subject-requests/:id/grant',
    may('retention'),
    async (request): Promise<SubjectRequestView> => {
      const officer = await officerOf(request);
      const { id } = request.params;
      await deps.subjects.grant(id, officer, request.id);
      return deps.subjects.one(id, officer);
    },
  );

  for (const verb of ['refuse', 'withdraw'] as const) {
    app.post<ById>(
      `/subject-requests/:id/${verb}`,
      may('retention'),
      async (request): Promise<SubjectRequestView> => {
        const officer = await officerOf(request);
        const { reason } = check(SubjectReasonIn, request.body, 'body');
        const { id } = request.params;
        await deps.subjects[verb](id, reason, officer, request.id);
        return deps.subjects.one(id, officer);
      },
    );
  }

  app.post<ById>(
    '/subject-requests/:id/extend',
    may('retention'),
    async (request): Promise<SubjectRequestView> => {
      const officer = await officerOf(request);
      const wanted = check(SubjectExtendIn, request.body, 'body');
      const { id } = request.params;
      await deps.subjects.extend(id, wanted, officer, request.id);
      return deps.subjects.one(id, officer);
    },
  );

  app.post<ById>('/subject-requests/:id/copy', may('retention'), async (request, reply) => {
    const officer = await officerOf(request);
    const { id } = request.params;
    const copy = await deps.subjects.beginCopy(id, officer, request.id);
    const material = async (recordId: string) => {
      await deps.db.transaction().execute((tx) =>
        deps.audit.append(tx, {
          ...{ actor: officer.actor, action: 'record.export', resource: recordId, outcome: 'ok' },
          ...{ requestId: request.id, purpose: { category: 'subject_copy' }, detail: { by: id } },
        }),
      );
      return deps.subjects.material(recordId, copy.withMedia).catch((error: unknown) => {
        // Disposed of since it was found: the copy says so and goes on.
        if (hasCode(error, 'RECORD_UNKNOWN')) return undefined;
        throw error;
      });
    };
    const whole = () => deps.subjects.endCopy(id, officer, request.id);
    const output = sendCopy(deps, copy, { material, whole });
    const allowed = () => gate.allow(request, 'retention');
    return reply
      .header('content-disposition', `attachment; filename="voxkeep-copy-${id}.zip"`)
      .header('x-voxkeep-record-count', copy.recordIds.length)
      .type('application/zip')
      .send(Readable.from(watched(output, { allowed, clock: deps.clock }), { objectMode: false }));
  });
}
