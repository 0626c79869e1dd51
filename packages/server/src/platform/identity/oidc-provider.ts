import * as oidc from 'openid-client';
import type { ProvenIdentity, RedirectProvider } from '../../access/identity/ports.ts';
import { ArchiveError } from '../../core/errors.ts';
import { pinnedFetch } from './pinned-fetch.ts';

export interface OidcOptions {
  id: string;
  label: { zh: string; en: string };
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: readonly string[];
  /** Claims with the person number, the name shown, the name to sign in with. */
  personClaim?: string | undefined;
  nameClaim: string;
  usernameClaim: string;
  /** Origins beside the issuer's that its metadata may name. */
  furtherOrigins: readonly string[];
  /** PEM of the issuer of its certificate, where that is not a public one. */
  authority?: string | undefined;
  /** How long one answer is waited for; ten seconds where nothing is said. */
  timeoutMs?: number | undefined;
}

const MOST_VALUES = 500;
/** Metadata and keys are read again after this. */
const METADATA_MS = 3_600_000;

/**
 * OpenID Connect 1.0: authorization code with PKCE (RFC 7636), state, nonce, the issuer's name in the
 * answer (RFC 9207) where it gives one, and a signature on the id token that is checked. Only
 * configured origins are ever asked, whatever the metadata says.
 */
export function oidcProvider(options: OidcOptions): RedirectProvider {
  const origins = [new URL(options.issuer).origin, ...options.furtherOrigins];
  const ask = pinnedFetch(origins, options.authority, options.timeoutMs);
  let found: { at: number; config: Promise<oidc.Configuration> } | undefined;

  const fetchPinned: oidc.CustomFetch = async (url, init) => {
    const { body } = init;
    const text = body === undefined || body === null ? undefined : String(body);
    const answer = await ask(url, {
      ...{ method: init.method, headers: init.headers },
      ...(text === undefined ? {} : { body: text }),
    });
    return new Response(answer.status === 204 ? null : new Uint8Array(answer.body), {
      ...{ status: answer.status, headers: answer.headers },
    });
  };
  const configuration = (): Promise<oidc.Configuration> => {
    if (found !== undefined && performance.now() - found.at < METADATA_MS) return found.config;
    const config = oidc.discovery(
      ...([new URL(options.issuer), options.clientId, undefined] as const),
      ...([oidc.ClientSecretBasic(options.clientSecret)] as const),
      { [oidc.customFetch]: fetchPinned, execute: [oidc.enableNonRepudiationChecks] },
    );
    const asked = { at: performance.now(), config };
    found = asked;
    config.catch(() => {
      if (found === asked) found = undefined;
    });
    return config;
  };

  return {
    ...{ kind: 'redirect', id: options.id, label: options.label },
    async begin(callback) {
      const config = await configuration().catch((cause: unknown) => {
        throw unreachable(cause);
      });
      const verifier = oidc.randomPKCECodeVerifier();
      const memory = { verifier, state: oidc.randomState(), nonce: oidc.randomNonce() };
      const url = oidc.buildAuthorizationUrl(config, {
        ...{ redirect_uri: callback, scope: options.scopes.join(' ') },
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        ...{ code_challenge_method: 'S256', state: memory.state, nonce: memory.nonce },
      });
      if (!origins.includes(url.origin)) throw unreachable(new Error('a page elsewhere'));
      return { url: url.href, memory };
    },
    async finish(callback, arrival, { verifier = '', state = '', nonce = '' }) {
      const config = await configuration().catch((cause: unknown) => {
        throw unreachable(cause);
      });
      const address = new URL(callback);
      address.search = arrival.search;
      try {
        const tokens = await oidc.authorizationCodeGrant(config, address, {
          ...{ pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce },
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('no id token');
        const further =
          config.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
        return identityOf(options, claims.iss, { ...further, ...claims });
      } catch (cause) {
        if (reasons(cause).some((one) => codeOf(one) === 'PROVIDER_UNREACHABLE')) {
          throw unreachable(cause);
        }
        throw new ArchiveError('IDENTITY_REFUSED', 'the provider did not prove who that is', {
          cause,
        });
      }
    },
  };
}

function identityOf(
  options: OidcOptions,
  issuer: string,
  found: Record<string, unknown>,
): ProvenIdentity {
  const claims: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(found)) {
    const values = [value].flat().slice(0, MOST_VALUES);
    claims[name] = values
      .filter((one) => ['string', 'number', 'boolean'].includes(typeof one))
      .map(String);
  }
  const first = (claim: string | undefined) =>
    claim === undefined ? undefined : claims[claim]?.[0];
  const given = {
    ...{ displayName: first(options.nameClaim), username: first(options.usernameClaim) },
    personId: first(options.personClaim),
  };
  return {
    ...{ subject: `${issuer} ${String(found['sub'])}`, claims },
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}

function reasons(error: unknown): unknown[] {
  const list: unknown[] = [];
  for (
    let at = error;
    at !== undefined && list.length < 8;
    at = (at as { cause?: unknown })?.cause
  ) {
    list.push(at);
  }
  return list;
}

const codeOf = (error: unknown) => (error as { code?: unknown } | null)?.code;

const unreachable = (cause: unknown) =>
  new ArchiveError('PROVIDER_UNREACHABLE', 'the identity provider does not answer', {
    ...{ retry: 'later' as const, cause },
  });
