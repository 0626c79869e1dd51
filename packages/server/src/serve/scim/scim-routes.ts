import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  ACCESS_STATUS,
  commitChange,
  deactivate,
  findPersonnel,
  type PersonnelAccount,
  personnelById,
  type Viewer,
} from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { activeOfPatch, activeOfPut } from './read-change.ts';
import { readFilter } from './read-filter.ts';
import { ScimRefused, scimErrorOf } from './scim-error.ts';

type ById = { Params: { id: string } };
type Query = { Querystring: { filter?: string; startIndex?: string; count?: string } };

const TYPE = 'application/scim+json';
const MOST = 100;
const KEY = may('key:scim');

/**
 * What a personnel system needs of SCIM 2.0 (RFC 7644): find accounts, and shut those of people who
 * left. It gives no rights: it neither makes accounts nor unlocks them nor changes roles.
 */
export function scimRoutes(
  app: FastifyInstance,
  deps: Pick<ServeDeps, 'db' | 'clock' | 'audit' | 'signIn'>,
  gate: Gate,
): void {
  const { db, clock, audit } = deps;
  const { seals } = deps.signIn;
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = scimErrorOf(error, request.id, {
      ...ACCESS_STATUS,
      SCIM_INVALID: 400,
    });
    return reply.code(status).type(TYPE).send(body);
  });
  app.addContentTypeParser(TYPE, { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(new ScimRefused('invalidSyntax', 'the body is not JSON'));
    }
  });
  const find = async (request: FastifyRequest<ById>) => {
    const { id } = request.params;
    const found = isUuid(id) ? await personnelById({ db, seals }, id) : undefined;
    if (found !== undefined) return found;
    throw new ArchiveError('ACCOUNT_UNKNOWN', 'no such account', { field: 'id' });
  };
  const shut = (viewer: Viewer, request: FastifyRequest, account: PersonnelAccount) =>
    commitChange({ db, seals, audit }, async (tx) => {
      const changed = await deactivate({ ...tx, clock }, account);
      const entry = {
        ...{ actor: { id: viewer.actorId, role: viewer.role }, action: 'account.lock' },
        ...{ resource: account.id, outcome: 'ok' as const, requestId: request.id },
        detail: { by: 'scim' },
      };
      return { answer: { ...account, active: false }, ...(changed ? { entry } : {}) };
    });
  const setActive = async (
    viewer: Viewer,
    request: FastifyRequest<ById>,
    active: boolean,
  ): Promise<PersonnelAccount> => {
    const account = await find(request);
    if (!active) return shut(viewer, request, account);
    if (account.active) return account;
    throw new ScimRefused(
      'mutability',
      'an administrator unlocks accounts, a personnel system does not',
    );
  };

  app.get<Query>('/Users', KEY, async (request, reply) => {
    await gate.service(request, 'scim');
    const { filter, startIndex, count } = request.query;
    const found = await findPersonnel({ db, seals }, readFilter(filter));
    const first = Math.max(1, wholeNumber(startIndex, 1));
    const page = found.slice(first - 1, first - 1 + Math.min(MOST, wholeNumber(count, MOST)));
    return send(reply, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      ...{ totalResults: found.length, startIndex: first, itemsPerPage: page.length },
      Resources: page.map(present),
    });
  });

  app.get<ById>('/Users/:id', KEY, async (request, reply) => {
    await gate.service(request, 'scim');
    return send(reply, present(await find(request)));
  });

  app.patch<ById>('/Users/:id', KEY, async (request, reply) => {
    const viewer = await gate.service(request, 'scim');
    const active = activeOfPatch(request.body);
    return send(reply, present(await setActive(viewer, request, active)));
  });

  app.put<ById>('/Users/:id', KEY, async (request, reply) => {
    const viewer = await gate.service(request, 'scim');
    const active = activeOfPut(request.body);
    return send(reply, present(await setActive(viewer, request, active)));
  });

  /** Nothing is deleted: what an account did stays its own. */
  app.delete<ById>('/Users/:id', KEY, async (request, reply) => {
    const viewer = await gate.service(request, 'scim');
    await shut(viewer, request, await find(request));
    return reply.code(204).send();
  });
}

const send = (reply: FastifyReply, body: object) => reply.type(TYPE).send(body);

function present(account: PersonnelAccount): object {
  const { id, username, displayName, active, createdAt } = account;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    ...{ id, userName: username, displayName, active },
    meta: { resourceType: 'User', created: createdAt, location: `/scim/v2/Users/${id}` },
  };
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ScimRefused('invalidValue', 'startIndex and count are whole numbers');
}
