import { openApiDocument } from '@voxkeep/contract/openapi';
import type { FastifyInstance } from 'fastify';
import { authenticate } from '../../access/index.ts';
import { createGate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { RouteTable } from '../http/route-table.ts';
import type { ReadTally } from '../log/read-tally.ts';
import { Meters } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';
import { scimRoutes } from '../scim/index.ts';
import { accessRequestRoutes } from './access-request-routes.ts';
import { accountRoutes } from './account-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { closureRoutes } from './closure-routes.ts';
import { disposalCertificateRoutes } from './disposal-certificate-routes.ts';
import { disposalRoutes } from './disposal-routes.ts';
import { drillRoutes } from './drill-routes.ts';
import { engagementRoutes } from './engagement-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { holdRoutes } from './hold-routes.ts';
import { intakeRoutes } from './intake-routes.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { mediaRoutes } from './media-routes.ts';
import { noticeRoutes } from './notice-routes.ts';
import { operationsRoutes } from './operations-routes.ts';
import { originalRoutes } from './original-routes.ts';
import { paceMedia } from './pace-media.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { providerListRoute, providerRoutes } from './provider-routes.ts';
import { recordChangeRoutes } from './record-change-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { retentionRoutes } from './retention-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { siteRoutes } from './site-routes.ts';
import { subjectRoutes } from './subject-routes.ts';
import { takeAwayRoutes } from './take-away-routes.ts';
import { tileRoutes } from './tile-routes.ts';

/** Every route below /api/v1, and the document that describes them, which anyone may read. */
export function mountApi(
  api: FastifyInstance,
  deps: ServeDeps,
  tally: ReadTally,
  table: RouteTable,
): void {
  const gate = createGate(deps, (request, use) => authenticate(deps.signIn, request.headers, use));
  authRoutes(api, deps, gate);
  accountRoutes(api, deps, gate);
  sessionRoutes(api, deps, gate);
  accessRequestRoutes(api, deps, gate);
  passkeyRoutes(api, deps, gate);
  providerListRoute(api, deps);
  recordRoutes(api, deps, gate);
  recordChangeRoutes(api, deps, gate);
  retentionRoutes(api, deps, gate);
  mediaRoutes(api, deps, gate, paceMedia(deps, new Meters()));
  takeAwayRoutes(api, deps, gate);
  exportRoutes(api, deps, gate);
  intakeRoutes(api, deps, gate);
  operationsRoutes(api, deps, gate);
  siteRoutes(api, deps, gate);
  disposalRoutes(api, deps, gate);
  disposalCertificateRoutes(api, deps, gate);
  drillRoutes(api, deps, gate);
  holdRoutes(api, deps, gate);
  originalRoutes(api, deps, gate);
  closureRoutes(api, deps, gate);
  subjectRoutes(api, deps, gate);
  auditRoutes(api, deps, gate);
  engagementRoutes(api, deps, gate);
  ledgerRoutes(api, deps, gate, tally);
  noticeRoutes(api, deps, gate);
  policyRoutes(api, deps, gate, table);
  const document = openApiDocument();
  api.get('/openapi.json', may('public'), async () => document);
}

/** Sign-in on providers' own pages, below /auth. */
export function mountProviders(root: FastifyInstance, deps: ServeDeps): void {
  providerRoutes(root, deps);
}

/** Accounts as personnel systems know them, below /scim/v2. */
export async function mountScim(root: FastifyInstance, deps: ServeDeps): Promise<void> {
  const gate = createGate(deps, (request) => authenticate(deps.signIn, request.headers));
  await root.register(async (scim) => scimRoutes(scim, deps, gate), { prefix: '/scim/v2' });
}

/** The log itself, below /ledger; what is read of it is counted with what the API reads. */
export function mountLog(root: FastifyInstance, deps: ServeDeps, tally: ReadTally): void {
  const gate = createGate(deps, (request) => authenticate(deps.signIn, request.headers));
  tileRoutes(root, deps, gate, tally);
  root.addHook('onClose', () => tally.close());
}
