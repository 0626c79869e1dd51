import { Readable } from 'node:stream';
import {
  EngagementCloseIn,
  EngagementConfirmIn,
  EngagementIn,
  EvidenceAnswerIn,
  EvidenceIn,
  ExternalFindingAnswerIn,
  ExternalFindingCloseIn,
  ExternalFindingIn,
  SampleDrawIn,
  SampleIn,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Viewer } from '../../access/index.ts';
import { partyOf } from '../../access/requests/index.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { EngagementOnlooker, EngagementParty, ServeDeps } from '../ports.ts';

type ById = { Params: { id: string } };
type BySample = { Params: { id: string; sampleId: string } };
type ByEvidence = { Params: { id: string; evidenceId: string } };
type ByFinding = { Params: { id: string; findingId: string } };

const sampleIn = ({ id: engagementId, sampleId }: BySample['Params']) => ({
  ...{ engagementId, sampleId },
});
const questionIn = ({ id: engagementId, evidenceId }: ByEvidence['Params']) => ({
  ...{ engagementId, evidenceId },
});
const findingIn = ({ id: engagementId, findingId }: ByFinding['Params']) => ({
  ...{ engagementId, findingId },
});

const onlookerOf = (request: FastifyRequest, viewer: Viewer): EngagementOnlooker => ({
  ...{ actor: { id: viewer.actorId, role: viewer.role }, requestId: request.id },
  ...{ person: viewer.personRef, engagementId: viewer.engagementId },
});

/** Who does something is a person. */
const partyIn = (request: FastifyRequest, viewer: Viewer): EngagementParty => ({
  ...onlookerOf(request, viewer),
  person: partyOf(viewer).person,
});

/** Outside auditors: what compliance opens, and what its auditors examine. */
export function engagementRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { engagements } = deps;
  const looking = async (request: FastifyRequest) =>
    onlookerOf(request, await gate.allow(request, 'audits'));
  const officer = async (request: FastifyRequest) =>
    partyIn(request, await gate.allow(request, 'engage'));

  app.get('/engagements', may('audits'), async (request) =>
    engagements.list(await looking(request)),
  );

  app.post('/engagements', may('engage'), async (request, reply) => {
    const party = await officer(request);
    const wanted = check(EngagementIn, request.body, 'body');
    return reply.code(201).send(await engagements.open(wanted, party));
  });

  app.get<ById>('/engagements/:id', may('audits'), async (request) =>
    engagements.show(request.params.id, await looking(request)),
  );

  app.post<ById>('/engagements/:id/confirm', may('engage'), async (request) => {
    const party = await officer(request);
    const { commitment } = check(EngagementConfirmIn, request.body, 'body');
    return engagements.confirm(request.params.id, commitment, party);
  });

  app.post<ById>('/engagements/:id/close', may('engage'), async (request) => {
    const party = await officer(request);
    const { reason } = check(EngagementCloseIn, request.body, 'body');
    return engagements.close(request.params.id, reason, party);
  });

  sampleRoutes(app, deps, gate);
  evidenceRoutes(app, deps, gate);
  findingRoutes(app, deps, gate);
}

function sampleRoutes(app: FastifyInstance, { engagements }: ServeDeps, gate: Gate): void {
  const looking = async (request: FastifyRequest) =>
    onlookerOf(request, await gate.allow(request, 'audits'));
  const auditor = async (request: FastifyRequest) =>
    partyIn(request, await gate.allow(request, 'examine'));

  app.get<ById>('/engagements/:id/samples', may('audits'), async (request) =>
    engagements.samples.list(request.params.id, await looking(request)),
  );

  app.post<ById>('/engagements/:id/samples', may('examine'), async (request, reply) => {
    const party = await auditor(request);
    const wanted = check(SampleIn, request.body, 'body');
    return reply.code(201).send(await engagements.samples.ask(request.params.id, wanted, party));
  });

  app.get<BySample>('/engagements/:id/samples/:sampleId', may('audits'), async (request) =>
    engagements.samples.show(sampleIn(request.params), await looking(request)),
  );

  app.post<BySample>('/engagements/:id/samples/:sampleId/draw', may('examine'), async (request) => {
    const party = await auditor(request);
    const { nonce } = check(SampleDrawIn, request.body, 'body');
    return engagements.samples.draw(sampleIn(request.params), nonce, party);
  });

  app.post<BySample>(
    '/engagements/:id/samples/:sampleId/give-up',
    may('examine'),
    async (request) => engagements.samples.giveUp(sampleIn(request.params), await auditor(request)),
  );

  app.get<BySample>(
    '/engagements/:id/samples/:sampleId/population',
    may('audits'),
    async (request, reply) => {
      const viewer = await looking(request);
      const lines = await engagements.samples.population(sampleIn(request.params), viewer);
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', named(`population-${request.params.sampleId}.txt`))
        .send(Readable.from(lines, { objectMode: false }));
    },
  );

  app.get<BySample>(
    '/engagements/:id/samples/:sampleId/proof',
    may('audits'),
    async (request, reply) => {
      const viewer = await looking(request);
      const text = await engagements.samples.prove(sampleIn(request.params), viewer);
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', named(`sample-${request.params.sampleId}.json`))
        .send(text);
    },
  );
}

function evidenceRoutes(app: FastifyInstance, { engagements }: ServeDeps, gate: Gate): void {
  app.get<ById>('/engagements/:id/evidence', may('audits'), async (request) => {
    const viewer = onlookerOf(request, await gate.allow(request, 'audits'));
    return engagements.evidence.list(request.params.id, viewer);
  });

  app.post<ById>('/engagements/:id/evidence', may('examine'), async (request, reply) => {
    const party = partyIn(request, await gate.allow(request, 'examine'));
    const wanted = check(EvidenceIn, request.body, 'body');
    return reply.code(201).send(await engagements.evidence.ask(request.params.id, wanted, party));
  });

  app.post<ByEvidence>(
    '/engagements/:id/evidence/:evidenceId/answer',
    may('engage'),
    async (request) => {
      const party = partyIn(request, await gate.allow(request, 'engage'));
      const given = check(EvidenceAnswerIn, request.body, 'body');
      return engagements.evidence.answer(questionIn(request.params), given, party);
    },
  );

  app.post<ByEvidence>(
    '/engagements/:id/evidence/:evidenceId/withdraw',
    may('examine'),
    async (request) => {
      const party = partyIn(request, await gate.allow(request, 'examine'));
      return engagements.evidence.withdraw(questionIn(request.params), party);
    },
  );
}

function findingRoutes(app: FastifyInstance, { engagements }: ServeDeps, gate: Gate): void {
  app.get<ById>('/engagements/:id/findings', may('audits'), async (request) => {
    const viewer = onlookerOf(request, await gate.allow(request, 'audits'));
    return engagements.findings.list(request.params.id, viewer);
  });

  app.post<ById>('/engagements/:id/findings', may('examine'), async (request, reply) => {
    const party = partyIn(request, await gate.allow(request, 'examine'));
    const written = check(ExternalFindingIn, request.body, 'body');
    const { id } = request.params;
    return reply.code(201).send(await engagements.findings.write(id, written, party));
  });

  app.post<ByFinding>(
    '/engagements/:id/findings/:findingId/answer',
    may('engage'),
    async (request) => {
      const party = partyIn(request, await gate.allow(request, 'engage'));
      const given = check(ExternalFindingAnswerIn, request.body, 'body');
      return engagements.findings.answer(findingIn(request.params), given, party);
    },
  );

  // Both sides close: who may now is the engagement's to say.
  app.post<ByFinding>(
    '/engagements/:id/findings/:findingId/close',
    may('audits'),
    async (request) => {
      const party = partyIn(request, await gate.allow(request, 'audits'));
      const closing = check(ExternalFindingCloseIn, request.body, 'body');
      return engagements.findings.close(findingIn(request.params), closing, party);
    },
  );
}

const named = (file: string): string => `attachment; filename="${file}"`;
