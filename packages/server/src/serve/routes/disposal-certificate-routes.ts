import { RunCertificateQuery } from '@voxkeep/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUuid } from '../../core/ids.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

type ById = { Params: { id: string } };
const READERS = ['retention', 'audits', 'approve'] as const;
const NONE = '00000000-0000-0000-0000-000000000000';

/** Certificates of what is gone; each is on the ledger before it leaves. */
export function disposalCertificateRoutes(
  app: FastifyInstance,
  { disposals }: ServeDeps,
  gate: Gate,
): void {
  const asked = async (request: FastifyRequest<ById>) => {
    const { actorId: id, role } = await gate.allowOne(request, READERS);
    const wanted = isUuid(request.params.id) ? request.params.id : NONE;
    return { wanted, asking: { actor: { id, role }, requestId: request.id } };
  };

  app.get<ById>('/records/:id/disposal/certificate', may(READERS), async (request, reply) => {
    const { wanted, asking } = await asked(request);
    return send(reply, wanted, await disposals.certificate(wanted, asking));
  });

  app.get<ById>('/records/:id/disposal/certificate.pdf', may(READERS), async (request, reply) => {
    const { wanted, asking } = await asked(request);
    const pdf = await disposals.certificatePdf(wanted, asking);
    return reply
      .header('content-disposition', `attachment; filename="disposal-${wanted}.pdf"`)
      .type('application/pdf')
      .send(pdf);
  });

  app.get<ById>('/disposals/runs/:id/certificate', may(READERS), async (request, reply) => {
    const { wanted, asking } = await asked(request);
    const { after } = check(RunCertificateQuery, request.query, 'query');
    return send(reply, wanted, await disposals.runCertificate(wanted, after, asking));
  });
}

function send(
  reply: FastifyReply,
  id: string,
  { text, records, next }: { text: string; records: number; next?: string },
): FastifyReply {
  if (next !== undefined) reply.header('x-voxkeep-next', next);
  return reply
    .header('content-disposition', `attachment; filename="disposal-${id}.json"`)
    .header('x-voxkeep-record-count', records)
    .type('application/json; charset=utf-8')
    .send(text);
}
