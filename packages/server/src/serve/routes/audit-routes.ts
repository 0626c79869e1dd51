import {
  AuditAcceptIn,
  AuditFindingsQuery,
  AuditPaperQuery,
  AuditTrendQuery,
  RegisterEntryIn,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { partyOf } from '../../access/requests/index.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

type ById = { Params: { id: string } };

/** Compliance audits: run, read, followed up; and the registers that they look at. */
export function auditRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { audits } = deps;
  const by = async (request: FastifyRequest, action: 'audits' | 'retention') => {
    const viewer = await gate.allow(request, action);
    const actor = { id: viewer.actorId, role: viewer.role };
    return { viewer, actor, requestId: request.id };
  };
  /** Who looked at what stands in the ledger before it is answered. */
  const looked = async (request: FastifyRequest, id: string, what: string): Promise<void> => {
    const { actor, requestId } = await by(request, 'audits');
    await deps.db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        ...{ actor, action: 'audit.view', resource: id, outcome: 'ok', requestId },
        detail: { what },
      }),
    );
  };

  app.get('/audits', may('audits'), async (request) => {
    await gate.allow(request, 'audits');
    return audits.view();
  });

  app.post('/audits', may('audits'), async (request, reply) => {
    const { actor, requestId } = await by(request, 'audits');
    return reply.code(202).send(await audits.begin(actor, requestId));
  });

  app.get('/audits/trend', may('audits'), async (request) => {
    await gate.allow(request, 'audits');
    return audits.trend(check(AuditTrendQuery, request.query, 'query').months);
  });

  app.get<ById>('/audits/:id', may('audits'), async (request) => {
    await gate.allow(request, 'audits');
    return audits.show(request.params.id);
  });

  app.get<ById>('/audits/:id/findings', may('audits'), async (request) => {
    await gate.allow(request, 'audits');
    const query = check(AuditFindingsQuery, request.query, 'query');
    const page = await audits.findings(request.params.id, query);
    await looked(request, request.params.id, 'findings');
    return page;
  });

  app.get<ById>('/audits/:id/report.json', may('audits'), async (request, reply) => {
    await gate.allow(request, 'audits');
    const { id } = request.params;
    const report = await audits.report(id);
    await looked(request, id, 'report.json');
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="audit-${id}.json"`)
      .send(report);
  });

  app.get<ById>('/audits/:id/report.pdf', may('audits'), async (request, reply) => {
    await gate.allow(request, 'audits');
    const { id } = request.params;
    const { language } = check(AuditPaperQuery, request.query, 'query');
    const pdf = await audits.pdf(id, language);
    await looked(request, id, 'report.pdf');
    return reply
      .type('application/pdf')
      .header('content-disposition', `attachment; filename="audit-${id}.pdf"`)
      .send(pdf);
  });

  app.post<ById>('/audits/findings/:id/accept', may('audits'), async (request) => {
    const { viewer, actor, requestId } = await by(request, 'audits');
    const { reason } = check(AuditAcceptIn, request.body, 'body');
    const { person } = partyOf(viewer);
    return audits.accept(request.params.id, { actor, requestId, person, reason });
  });

  app.post<ById>('/audits/findings/:id/retest', may('audits'), async (request) => {
    const { actor, requestId } = await by(request, 'audits');
    return audits.retest(request.params.id, { actor, requestId });
  });

  app.get('/registers', may('audits'), async (request) => {
    await gate.allow(request, 'audits');
    return { entries: await audits.registers() };
  });

  app.post('/registers', may('retention'), async (request, reply) => {
    const { actor, requestId } = await by(request, 'retention');
    const entry = check(RegisterEntryIn, request.body, 'body');
    return reply.code(201).send(await audits.addEntry(entry, { actor, requestId }));
  });

  app.post<ById>('/registers/:id/end', may('retention'), async (request) => {
    const { actor, requestId } = await by(request, 'retention');
    return audits.endEntry(request.params.id, { actor, requestId });
  });
}
