import { NoticesQuery, NoticesReadIn } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { countUnread, listNotices, markRead } from '../../notices/index.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

/** What people are told of; everyone sees and marks their own only. */
export function noticeRoutes(
  app: FastifyInstance,
  deps: Pick<ServeDeps, 'db' | 'clock'>,
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
}
