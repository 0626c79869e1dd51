import {
  type HoldCandidates,
  HoldIn,
  HoldRecordsIn,
  HoldRecordsQuery,
  HoldReleaseIn,
  HoldsQuery,
} from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isOfTheHouse, listAccounts, type Viewer } from '../../access/index.ts';
import { partyOf } from '../../access/requests/index.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';

const SEEN_BY = ['hold', 'audits'] as const;
type ById = { Params: { id: string } };

/** Matters that freeze records: placing, looking, ending, and what their custodians say. */
export function holdRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const officerOf = async (request: FastifyRequest) => {
    const viewer = await gate.allow(request, 'hold');
    return {
      ...{ actor: actorOf(viewer), person: partyOf(viewer).person },
      requestId: request.id,
    };
  };
  /** A matter tells of a dispute: who looked is on the ledger before the answer leaves. */
  const note = (request: FastifyRequest, viewer: Viewer, resource: string) =>
    deps.db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        ...{ actor: actorOf(viewer), action: 'hold.view', resource, outcome: 'ok' },
        requestId: request.id,
      }),
    );

  app.post('/holds', may('hold'), async (request, reply) => {
    const officer = await officerOf(request);
    const asked = check(HoldIn, request.body, 'body');
    // A search for words tells what was said: it covers what the viewer may read.
    if (asked.search?.text !== undefined) await gate.allow(request, 'read_transcript');
    return reply.code(201).send(await deps.holds.place(asked, officer));
  });

  app.get('/holds', may(SEEN_BY), async (request) => {
    const viewer = await gate.allowOne(request, SEEN_BY);
    const found = await deps.holds.list(check(HoldsQuery, request.query, 'query'));
    await note(request, viewer, 'holds');
    return found;
  });

  app.get('/holds/custodians', may('hold'), async (request): Promise<HoldCandidates> => {
    await gate.allow(request, 'hold');
    const people = (await listAccounts(deps.signIn))
      .filter(({ role, lockedAt }) => lockedAt === undefined && isOfTheHouse(role))
      .map(({ id, displayName, role }) => ({ id, name: displayName, role }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
    return { people };
  });

  app.get<ById>('/holds/:id', may(SEEN_BY), async (request) => {
    const viewer = await gate.allowOne(request, SEEN_BY);
    const found = await deps.holds.view(request.params.id);
    await note(request, viewer, found.id);
    return found;
  });

  app.get<ById>('/holds/:id/records', may(SEEN_BY), async (request) => {
    const viewer = await gate.allowOne(request, SEEN_BY);
    const query = check(HoldRecordsQuery, request.query, 'query');
    const found = await deps.holds.records(request.params.id, query);
    await note(request, viewer, request.params.id);
    return found;
  });

  app.post<ById>('/holds/:id/records', may('hold'), async (request) => {
    const officer = await officerOf(request);
    const { recordIds } = check(HoldRecordsIn, request.body, 'body');
    return deps.holds.add(request.params.id, recordIds, officer);
  });

  app.delete<{ Params: { id: string; recordId: string } }>(
    '/holds/:id/records/:recordId',
    may('hold'),
    async (request) => {
      const officer = await officerOf(request);
      const { reason } = check(HoldReleaseIn, request.body, 'body');
      const { id: holdId, recordId } = request.params;
      return deps.holds.drop({ holdId, recordId, reason }, officer);
    },
  );

  app.post<ById>('/holds/:id/release', may('hold'), async (request) => {
    const officer = await officerOf(request);
    const { reason } = check(HoldReleaseIn, request.body, 'body');
    return deps.holds.release(request.params.id, reason, officer);
  });

  app.get<ById>('/holds/:id/notice', may('person'), async (request) => {
    const { actorId } = await gate.person(request);
    return deps.holds.notice(request.params.id, actorId);
  });

  app.post<ById>('/holds/:id/acknowledge', may('person'), async (request) => {
    const viewer = await gate.person(request);
    return deps.holds.acknowledge(request.params.id, {
      ...{ actor: actorOf(viewer), requestId: request.id },
    });
  });

  app.get<ById>('/records/:id/holds', may(SEEN_BY), async (request) => {
    const viewer = await gate.allowOne(request, SEEN_BY);
    const found = await deps.holds.ofRecord(request.params.id);
    await note(request, viewer, request.params.id);
    return found;
  });
}

const actorOf = ({ actorId: id, role }: Viewer) => ({ id, role });
