import {
  DisposalDecisionIn,
  DisposalItemsQuery,
  DisposalRejectIn,
  DisposalRunIn,
  DisposalRunsQuery,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Viewer } from '../../access/index.ts';
import { signingOptions } from '../../access/passkeys/index.ts';
import { isUuid } from '../../core/ids.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { assertionOf } from './access-request-routes.ts';

type ById = { Params: { id: string } };
const READERS = ['retention', 'audits', 'approve'] as const;
const NO_RUN = '00000000-0000-0000-0000-000000000000';
const COLUMNS = ['recordId', 'tier', 'ground', 'rule', 'state', 'why', 'at'] as const;
const ITEMS_A_PAGE = 1000;

/** What is due, the lists by which it goes, and what became of it. */
export function disposalRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { disposals } = deps;
  /** What is no id is no run's. */
  const idOf = ({ params }: FastifyRequest<ById>) => (isUuid(params.id) ? params.id : NO_RUN);

  app.get('/disposals/due', may(READERS), async (request) => {
    await gate.allowOne(request, READERS);
    return disposals.due();
  });

  app.post('/disposals/runs', may('retention'), async (request, reply) => {
    const viewer = await gate.allow(request, 'retention');
    const { recordIds } = check(DisposalRunIn, request.body ?? {}, 'body');
    return reply.code(201).send(await disposals.propose(viewer, recordIds, request.id));
  });

  app.get('/disposals/runs', may(READERS), async (request) => {
    const viewer = await gate.allowOne(request, READERS);
    const query = check(DisposalRunsQuery, request.query, 'query');
    const runs = await disposals.runs(viewer, query);
    const last = runs.at(-1);
    return {
      runs,
      ...(runs.length < query.limit || last === undefined ? {} : { next: last.id }),
    };
  });

  app.get<ById>('/disposals/runs/:id', may(READERS), async (request) =>
    disposals.run(await gate.allowOne(request, READERS), idOf(request)),
  );

  app.get<ById>('/disposals/runs/:id/items', may(READERS), async (request) => {
    await gate.allowOne(request, READERS);
    return disposals.items(idOf(request), check(DisposalItemsQuery, request.query, 'query'));
  });

  app.get<ById>('/disposals/runs/:id/items.csv', may(READERS), async (request, reply) => {
    await gate.allowOne(request, READERS);
    const id = idOf(request);
    const lines = [COLUMNS.join(',')];
    for (let after: string | undefined; ; ) {
      const page = await disposals.items(id, {
        limit: ITEMS_A_PAGE,
        ...(after === undefined ? {} : { after }),
      });
      // Ids, codes and days: nothing of it needs quotes, and nothing a sheet would take for a formula.
      for (const item of page.items) lines.push(COLUMNS.map((one) => item[one] ?? '').join(','));
      after = page.next;
      if (after === undefined) break;
    }
    return reply
      .header('content-disposition', `attachment; filename="disposal-${id}.csv"`)
      .type('text/csv; charset=utf-8')
      .send(`${lines.join('\r\n')}\r\n`);
  });

  app.get<ById>('/disposals/runs/:id/challenge', may('approve'), async (request) => {
    const viewer = await gate.allow(request, 'approve');
    const canonical = await disposals.statement(idOf(request));
    return signingOptions({ ...deps, ...deps.approvals }, viewer, canonical, request.hostname);
  });

  /** An act on a run, and what it looks like after it. */
  const act = (
    verb: string,
    rule: 'approve' | 'retention',
    work: (viewer: Viewer, request: FastifyRequest<ById>, id: string) => Promise<void>,
  ) =>
    app.post<ById>(`/disposals/runs/:id/${verb}`, may(rule), async (request) => {
      const viewer = await gate.allow(request, rule);
      const id = idOf(request);
      await work(viewer, request, id);
      return disposals.run(viewer, id);
    });

  act('approve', 'approve', async (viewer, request, id) => {
    const assertion = assertionOf(check(DisposalDecisionIn, request.body, 'body').assertion);
    await disposals.approve(viewer, { id, assertion }, request.id);
  });
  act('reject', 'approve', async (viewer, request, id) => {
    const { reason } = check(DisposalRejectIn, request.body, 'body');
    await disposals.reject(viewer, { id, reason }, request.id);
  });
  for (const to of ['pause', 'resume', 'stop'] as const) {
    act(to, 'retention', (viewer, request, id) => disposals.steer(viewer, { id, to }, request.id));
  }

  app.get<ById>('/records/:id/disposal', may(READERS), async (request) => {
    await gate.allowOne(request, READERS);
    return disposals.disposal(idOf(request));
  });
}
