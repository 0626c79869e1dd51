import { AnchorIn, RetentionAnchor, RetentionApplyIn, RetentionPreviewIn } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { partyOf } from '../../access/requests/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { recordFacts } from '../record-facts.ts';

const SEEN_BY = ['retention', 'audits'] as const;

/** Until when records are kept and why, the days that are told of them, and the rules of it. */
export function retentionRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { db } = deps;

  app.get<{ Params: { id: string } }>('/records/:id/retention', may('view'), async (request) => {
    const { facts, entry } = await gate.allowOn(request, 'view', () =>
      recordFacts(db, request.params.id),
    );
    const explained = await deps.retention.explain(facts.id);
    const detail = { ...entry.detail, part: 'retention' };
    await db
      .transaction()
      .execute((tx) => deps.audit.append(tx, { ...entry, action: 'record.view', detail }));
    return explained;
  });

  app.put<{ Params: { id: string; anchor: string } }>(
    '/records/:id/anchors/:anchor',
    may('retention'),
    async (request) => {
      const { actorId, role } = await gate.allow(request, 'retention');
      const { id } = request.params;
      if (!isUuid(id)) {
        throw new ArchiveError('RECORD_UNKNOWN', 'there is no such record', { field: 'id' });
      }
      const anchor = check(RetentionAnchor, request.params.anchor, 'anchor');
      const { day } = check(AnchorIn, request.body, 'body');
      const actor = { id: actorId, role };
      await deps.retention.tell(id, { anchor, day, actor, requestId: request.id });
      return deps.retention.explain(id);
    },
  );

  app.get('/retention/rules', may(SEEN_BY), async (request) => {
    await gate.allowOne(request, SEEN_BY);
    return deps.retention.view();
  });

  app.get<{ Params: { number: string } }>(
    '/retention/rules/:number',
    may(SEEN_BY),
    async (request) => {
      await gate.allowOne(request, SEEN_BY);
      const { number } = request.params;
      return deps.retention.text(/^[1-9]\d{0,8}$/.test(number) ? Number(number) : 0);
    },
  );

  app.post('/retention/rules/preview', may('retention'), async (request) => {
    await gate.allow(request, 'retention');
    const { rules } = check(RetentionPreviewIn, request.body, 'body');
    return deps.retention.preview(rules);
  });

  app.post('/retention/rules', may('retention'), async (request, reply) => {
    const viewer = await gate.allow(request, 'retention');
    const asked = check(RetentionApplyIn, request.body, 'body');
    const { person } = partyOf(viewer);
    const actor = { id: viewer.actorId, role: viewer.role };
    const applied = await deps.retention.apply({ ...asked, actor, person, requestId: request.id });
    return reply.code(202).send(applied);
  });
}
