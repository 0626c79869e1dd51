import {
  AccessRequestsQuery,
  type AccessRequestsView,
  type AccessRequestView,
  ApproveIn,
  type AssertionIn,
  BreakGlassIn,
  ChallengeQuery,
  type GrantsView,
  MandateIn,
  RecordsRequestIn,
  RejectIn,
  ReviewIn,
  RevokeIn,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Viewer } from '../../access/index.ts';
import { signingOptions } from '../../access/passkeys/index.ts';
import {
  approve,
  askForMandate,
  askForRecords,
  countWaiting,
  demandOwnWords,
  listRequests,
  mendRows,
  type RequestRow,
  reject,
  requestError,
  review,
  reviewStatement,
  revoke,
  signOwn,
  viewRequests,
  withdraw,
} from '../../access/requests/index.ts';
import { isUuid } from '../../core/ids.ts';
import type { Assertion } from '../../record/assertion.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { foundIds } from './found-ids.ts';
import { holderOf, mandateHolders } from './mandate-holders.ts';
import { requestDeps } from './request-deps.ts';

type ById = { Params: { id: string } };
export const assertionOf = ({ clientExtensionResults, ...rest }: AssertionIn): Assertion => ({
  ...{ id: rest.id, rawId: rest.rawId, type: rest.type, response: rest.response },
  clientExtensionResults,
});

/** Access requests, break-glass and mandates: asking, deciding, ending, and who holds what. */
export function accessRequestRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { db } = deps;
  const requests = requestDeps(deps);

  const shown = async (viewer: Viewer, id: string): Promise<AccessRequestView> => {
    const row = await visible(viewer, id);
    const [view] = await viewRequests(requests, viewer, [row]);
    if (view === undefined) throw requestError('REQUEST_UNKNOWN', 'there is no such request', 'id');
    return view;
  };
  /** Whoever asked, whoever holds it, and whoever oversees. */
  const visible = async (viewer: Viewer, id: string): Promise<RequestRow> => {
    await mendRows(requests);
    const row = isUuid(id)
      ? await db.selectFrom('access_request').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    const oversees = gate.mayAtAll(viewer, 'access_requests');
    const own = row?.requester_id === viewer.actorId || row?.holder_id === viewer.actorId;
    if (row !== undefined && (own || oversees)) return row as RequestRow;
    throw requestError('REQUEST_UNKNOWN', 'there is no such request', 'id');
  };

  app.post('/access/requests', may('request_access'), async (request, reply) => {
    const viewer = await gate.allow(request, 'request_access');
    const { recordIds, search, ...asked } = check(RecordsRequestIn, request.body, 'body');
    if ((recordIds === undefined) === (search === undefined)) {
      throw requestError('REQUEST_EMPTY', 'give either recordIds or search', 'body');
    }
    const ids = recordIds ?? (await foundIds(deps, gate, request, search ?? {}));
    const all = { ...asked, kind: 'records' as const, recordIds: ids };
    const id = await askForRecords(requests, viewer, all, request.id);
    return reply.code(201).send(await shown(viewer, id));
  });

  app.post('/access/break-glass', may('request_access'), async (request, reply) => {
    const viewer = await gate.allow(request, 'request_access');
    const { recordId, ...asked } = check(BreakGlassIn, request.body, 'body');
    const all = { ...asked, kind: 'break_glass' as const, recordIds: [recordId] };
    const id = await askForRecords(requests, viewer, all, request.id);
    return reply.code(201).send(await shown(viewer, id));
  });

  app.post('/access/mandates', may('request_mandate'), async (request, reply) => {
    const viewer = await gate.allow(request, 'request_mandate');
    const { holderId, ...asked } = check(MandateIn, request.body, 'body');
    const { industries, issueTypes, from, to } = asked.scope;
    const scope = {
      ...{ from, to },
      ...(industries === undefined ? {} : { industries }),
      ...(issueTypes === undefined ? {} : { issueTypes }),
    };
    const holder = await holderOf(deps.signIn, holderId);
    const id = await askForMandate(requests, viewer, { ...asked, holder, scope }, request.id);
    return reply.code(201).send(await shown(viewer, id));
  });

  app.get('/access/mandate-holders', may('request_mandate'), async (request) => {
    await gate.allow(request, 'request_mandate');
    return { holders: await mandateHolders(deps.signIn) };
  });

  app.get('/access/requests', may('person'), async (request): Promise<AccessRequestsView> => {
    const query = check(AccessRequestsQuery, request.query, 'query');
    const viewer = await gate.person(request);
    if (query.box === 'inbox') await gate.allow(request, 'approve');
    if (query.box === 'all') await gate.allow(request, 'access_requests');
    const live = (await mendRows(requests)).map((one) => one.id);
    const rows = await listRequests(requests, viewer, query, live);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    return {
      requests: await viewRequests(requests, viewer, page),
      ...(last === undefined ? {} : { next: last.id }),
      waiting: viewer.role === 'approver' ? await countWaiting(requests, viewer) : 0,
    };
  });

  app.get<ById>('/access/requests/:id', may('person'), async (request) =>
    shown(await gate.person(request), request.params.id),
  );

  app.get('/access/grants', may('person'), async (request): Promise<GrantsView> => {
    const viewer = await gate.person(request);
    const now = deps.clock.now();
    const live = await mendRows(requests);
    const { actorId, personRef = '' } = viewer;
    const { grants, mandates } = await deps.warrants.liveFor(actorId, now, personRef);
    const rows = [...grants, ...mandates].flatMap((own) => live.filter(({ id }) => id === own.id));
    rows.sort((a, b) => (a.ends_at?.getTime() ?? 0) - (b.ends_at?.getTime() ?? 0));
    const views = await viewRequests(requests, viewer, rows);
    return { grants: views, serverTime: now.toISOString() };
  });

  app.get<ById>('/access/requests/:id/challenge', may('person'), async (request) => {
    const viewer = await gate.person(request);
    const { review: finding } = check(ChallengeQuery, request.query, 'query');
    const row = await visible(viewer, request.params.id);
    demandOwnWords(row, deps.approvals.archiveId);
    const canonical =
      finding === undefined
        ? row.canonical
        : reviewStatement(deps.approvals.archiveId, row.id, finding);
    return signingOptions({ ...deps, ...deps.approvals }, viewer, canonical, request.hostname);
  });

  /** A decision, and what the request looks like after it. */
  const decision = (
    verb: string,
    rule: 'person' | 'approve' | 'end_access',
    work: (viewer: Viewer, request: FastifyRequest<ById>) => Promise<void>,
  ) =>
    app.post<ById>(`/access/requests/:id/${verb}`, may(rule), async (request) => {
      const viewer =
        rule === 'person' ? await gate.person(request) : await gate.allow(request, rule);
      await visible(viewer, request.params.id);
      await work(viewer, request);
      return shown(viewer, request.params.id);
    });

  decision('approve', 'approve', async (viewer, request) => {
    const assertion = assertionOf(check(ApproveIn, request.body, 'body').assertion);
    await approve(requests, viewer, { id: request.params.id, assertion }, request.id);
  });
  decision('sign', 'person', async (viewer, request) => {
    const assertion = assertionOf(check(ApproveIn, request.body, 'body').assertion);
    await signOwn(requests, viewer, { id: request.params.id, assertion }, request.id);
  });
  decision('reject', 'approve', async (viewer, request) => {
    const { reason } = check(RejectIn, request.body, 'body');
    await reject(requests, viewer, { id: request.params.id, reason }, request.id);
  });
  decision('withdraw', 'person', (viewer, request) =>
    withdraw(requests, viewer, request.params.id, request.id),
  );
  decision('revoke', 'end_access', async (viewer, request) => {
    const { reason } = check(RevokeIn, request.body, 'body');
    await revoke(requests, viewer, { id: request.params.id, reason }, request.id);
  });
  decision('review', 'approve', async (viewer, request) => {
    const { assertion, finding, note } = check(ReviewIn, request.body, 'body');
    const signed = { id: request.params.id, assertion: assertionOf(assertion), finding, note };
    await review(requests, viewer, signed, request.id);
  });
}
