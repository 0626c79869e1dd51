import { ConfirmPasskeyIn, PasskeyIn, PasskeysQuery, type PasskeysView } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { provePassword, type Viewer } from '../../access/index.ts';
import {
  beginRegistration,
  confirmPasskey,
  lockPasskey,
  registerPasskey,
  revokePasskey,
  signingOptions,
  viewPasskeys,
} from '../../access/passkeys/index.ts';
import { requestError } from '../../access/requests/index.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { assertionOf } from './access-request-routes.ts';

type ById = { Params: { id: string } };
const ATTEMPTS = { rateLimit: { max: 60, timeWindow: '1 minute' } };
/** Who confirms enrolments: approvers by passkey, the others while the register is founded. */
const CONFIRM = ['approve', 'enrol'] as const;

/** Passkeys: registering one's own, confirming others', ending them. */
export function passkeyRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { db } = deps;
  const passkeys = { ...deps, ...deps.approvals };
  const shown = async (viewer: Viewer, id: string) => {
    const [view] = await viewPasskeys(passkeys, viewer, 'all', id);
    if (view === undefined) throw requestError('PASSKEY_UNKNOWN', 'there is no such passkey', 'id');
    return view;
  };

  app.get('/access/passkeys', may('person'), async (request): Promise<PasskeysView> => {
    const { box } = check(PasskeysQuery, request.query, 'query');
    const viewer = await gate.person(request);
    if (box === 'all') await gate.allowOne(request, ['access_requests', 'enrol']);
    return {
      passkeys: await viewPasskeys(passkeys, viewer, box),
      founding: await deps.warrants.isFounding(),
    };
  });

  app.post('/access/passkeys/options', may('person', ATTEMPTS), async (request) =>
    beginRegistration(passkeys, await gate.person(request), request.hostname),
  );

  app.post('/access/passkeys', may('person', ATTEMPTS), async (request, reply) => {
    const viewer = await gate.person(request);
    const { label, registration } = check(PasskeyIn, request.body, 'body');
    const { response, ...rest } = registration;
    const { clientDataJSON, attestationObject } = response;
    const made = {
      ...{ id: rest.id, rawId: rest.rawId, type: rest.type, clientExtensionResults: {} },
      response: { clientDataJSON, attestationObject },
    };
    const id = await registerPasskey(passkeys, viewer, { label, registration: made }, request.id);
    return reply.code(201).send(await shown(viewer, id));
  });

  app.get<ById>('/access/passkeys/:id/challenge', may(CONFIRM), async (request) => {
    const viewer = await gate.allowOne(request, CONFIRM);
    const row = await db.transaction().execute((tx) => lockPasskey(tx, request.params.id));
    return signingOptions(passkeys, viewer, row.canonical, request.hostname);
  });

  app.post<ById>('/access/passkeys/:id/confirm', may(CONFIRM, ATTEMPTS), async (request) => {
    const viewer = await gate.allowOne(request, CONFIRM);
    const { id } = request.params;
    const { assertion, password } = check(ConfirmPasskeyIn, request.body, 'body');
    if ((assertion === undefined) === (password === undefined)) {
      throw requestError('PASSKEY_INVALID', 'give either an assertion or a password', 'body');
    }
    if (password !== undefined) await provePassword(deps.signIn, viewer, password);
    const by = assertion === undefined ? 'password' : { assertion: assertionOf(assertion) };
    await confirmPasskey(passkeys, viewer, { id, by }, request.id);
    return shown(viewer, id);
  });

  app.post<ById>('/access/passkeys/:id/revoke', may('person'), async (request) => {
    const viewer = await gate.person(request);
    const { id } = request.params;
    const own = (await viewPasskeys(passkeys, viewer, 'mine')).some((one) => one.id === id);
    if (!own) await gate.allowOne(request, CONFIRM);
    await revokePasskey(passkeys, viewer, id, request.id);
    return shown(viewer, id);
  });
}
