import {
  NoticeAddressIn,
  type NoticeAddressView,
  NoticesQuery,
  NoticesReadIn,
} from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { addressOf, countUnread, listNotices, markRead, setAddress } from '../../notices/index.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

/** What people are told of; everyone sees and marks their own only. */
export function noticeRoutes(
  app: FastifyInstance,
  deps: Pick<ServeDeps, 'db' | 'clock' | 'audit' | 'ownRows' | 'mailsNotices'>,
  gate: Gate,
): void {
  app.get('/notices', may('person'), async (request) => {
    // A page asks this by itself: a session nobody uses must end all the same.
    const viewer = await gate.person(request, { counts: false });
    return listNotices(deps.db, viewer.actorId, check(NoticesQuery, request.query, 'query'));
  });

  app.post('/notices/read', may('person'), async (request) => {
    const viewer = await gate.person(request);
    const which = check(NoticesReadIn, request.body, 'body');
    await markRead(deps.db, deps.clock, viewer.actorId, which);
    return { unread: await countUnread(deps.db, viewer.actorId) };
  });

  app.get('/notices/address', may('person'), async (request): Promise<NoticeAddressView> => {
    const viewer = await gate.person(request);
    const kept = await addressOf(deps.db, deps.ownRows, viewer.actorId);
    return { mail: deps.mailsNotices, ...kept };
  });

  app.put('/notices/address', may('person'), async (request, reply) => {
    const viewer = await gate.person(request);
    const { address, language } = check(NoticeAddressIn, request.body, 'body');
    const wanted = address === null ? undefined : { address, language };
    const tools = { clock: deps.clock, sealer: deps.ownRows };
    const { outboxId } = await deps.db.transaction().execute(async (tx) => {
      await setAddress(tx, tools, viewer.actorId, wanted);
      return deps.audit.append(tx, {
        ...{ actor: { id: viewer.actorId, role: viewer.role }, action: 'account.change' },
        ...{ resource: viewer.actorId, outcome: 'ok', requestId: request.id },
        detail: { changed: 'notice-address' },
      });
    });
    await deps.audit.settle(outboxId);
    return reply.code(204).send();
  });
}
