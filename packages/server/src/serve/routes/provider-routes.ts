import type { ProvidersView } from '@voxkeep/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { admitIdentity, type RedirectProvider } from '../../access/identity/index.ts';
import { clientWords, cookieHeader, signOut, type Viewer } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { leaveRole } from './leave-role.ts';

type ByProvider = { Params: { provider: string } };
type Deps = Pick<
  ServeDeps,
  'db' | 'clock' | 'audit' | 'signIn' | 'providers' | 'publicOrigin' | 'warrants'
>;

const ATTEMPTS = { rateLimit: { max: 60, timeWindow: '1 minute' } };
const COOKIE = '__Host-voxkeep.provider_state';
/** Lax: the provider's page sends the browser back by a link, and a Strict cookie would stay behind. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';
const MEMORY_MS = 10 * 60_000;
/** The name under which what a browser keeps meanwhile is encrypted. */
const MEMORY_ROW = 'provider-state';

/** Which providers there are, for the sign-in page. */
export function providerListRoute(app: FastifyInstance, deps: Pick<Deps, 'providers'>): void {
  app.get(
    '/session/providers',
    may('public'),
    async (): Promise<ProvidersView> => ({
      providers: deps.providers.map(({ provider: { id, kind, label } }) => ({ id, kind, label })),
    }),
  );
}

/** Sign-in on a provider's own pages: there, and back. Mounted below /auth. */
export function providerRoutes(app: FastifyInstance, deps: Deps): void {
  const redirecting = (id: string) => {
    const found = deps.providers.find(({ provider }) => provider.id === id);
    if (found?.provider.kind !== 'redirect')
      throw new ArchiveError('NOT_FOUND', 'no such provider');
    return { provider: found.provider, admission: found.admission };
  };
  const callbackOf = ({ id }: RedirectProvider) => `${deps.publicOrigin}/auth/${id}/callback`;
  const noteRefused = (request: FastifyRequest, provider: string, code: string) =>
    deps.db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        ...{ actor: { id: 'unknown', role: 'none' }, action: 'session.sign_in' },
        ...{ outcome: 'refused', requestId: request.id, detail: { code, provider } },
      }),
    );
  /** Back to the sign-in page, which has the words for it. */
  const giveUp = async (
    request: FastifyRequest<ByProvider>,
    reply: FastifyReply,
    error: unknown,
  ) => {
    const code = error instanceof ArchiveError ? error.code : 'INTERNAL';
    if (code === 'NOT_FOUND' || code === 'INTERNAL') throw error;
    await noteRefused(request, request.params.provider, code);
    return reply
      .header('set-cookie', `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`)
      .redirect(`/sign-in?refused=${code}`, 303);
  };

  app.get<ByProvider>('/auth/:provider/start', may('public', ATTEMPTS), async (request, reply) => {
    try {
      const { provider } = redirecting(request.params.provider);
      const { url, memory } = await provider.begin(callbackOf(provider));
      const kept = { provider: provider.id, at: deps.clock.now().getTime(), memory };
      const hidden = deps.signIn.seals.hide(MEMORY_ROW, Buffer.from(JSON.stringify(kept)));
      reply.header(
        'set-cookie',
        `${COOKIE}=${hidden.toString('base64url')}; ${ATTRIBUTES}; Max-Age=${MEMORY_MS / 1000}`,
      );
      return reply.redirect(url, 303);
    } catch (error) {
      return giveUp(request, reply, error);
    }
  });

  app.get<ByProvider>(
    '/auth/:provider/callback',
    may('public', ATTEMPTS),
    async (request, reply) => {
      try {
        const { provider, admission } = redirecting(request.params.provider);
        const memory = memoryOf(deps, request, provider.id);
        const arrival = new URL(request.url, deps.publicOrigin);
        const identity = await provider.finish(callbackOf(provider), arrival, memory);
        const { viewer, cookies } = await admitIdentity(
          { ...deps.signIn, audit: deps.audit, roleLeft: (db, id) => leaveRole(deps, db, id) },
          admission,
          identity,
          { requestId: request.id, client: clientWords(request.headers['user-agent']) },
        );
        try {
          await deps.db.transaction().execute((tx) =>
            deps.audit.append(tx, {
              ...{ actor: { id: viewer.actorId, role: viewer.role }, action: 'session.sign_in' },
              ...{ outcome: 'ok', requestId: request.id, detail: { provider: provider.id } },
            }),
          );
        } catch (error) {
          // A session that the ledger does not know must not live.
          await signOut(deps.signIn, cookieHeader(cookies));
          throw error;
        }
        for (const cookie of [...cookies, `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`]) {
          reply.header('set-cookie', cookie);
        }
        return reply.type('text/html; charset=utf-8').send(arrivalOf(viewer));
      } catch (error) {
        return giveUp(request, reply, error);
      }
    },
  );
}

/**
 * A page of our own that goes on by itself: the browser came here from a foreign page, and on a mere
 * redirect it would not send the session's Strict cookie along. An outside auditor goes to their engagement.
 */
function arrivalOf({ engagementId }: Viewer): string {
  const path = engagementId === undefined ? '/' : `/compliance/engagements/${engagementId}`;
  return (
    `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${path}">` +
    `<title>留声 Voxkeep</title><p><a href="${path}">留声 Voxkeep</a></p>\n`
  );
}

function memoryOf(
  { clock, signIn }: Pick<Deps, 'clock' | 'signIn'>,
  request: FastifyRequest,
  provider: string,
): Record<string, string> {
  const refused = () =>
    new ArchiveError('IDENTITY_REFUSED', 'this browser did not begin a sign-in');
  const [, text = ''] =
    new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]+)(?:;|$)`).exec(request.headers.cookie ?? '') ??
    [];
  const plain = signIn.seals.reveal(MEMORY_ROW, Buffer.from(text, 'base64url'));
  if (plain === undefined) throw refused();
  const kept = JSON.parse(plain.toString()) as {
    provider: string;
    at: number;
    memory: Record<string, string>;
  };
  if (kept.provider !== provider || clock.now().getTime() - kept.at > MEMORY_MS) throw refused();
  return kept.memory;
}
