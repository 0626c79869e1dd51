import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import type { AssertionIn, ChallengeView, PasskeyIn } from '@voxkeep/contract';
import { ApiProblem, ask, localProblem } from '../api/client.ts';

/** What is about to be signed: the very text, and its SHA-256 in hexadecimal. */
export interface ToSign {
  canonical: string;
  digest: string;
  options: ChallengeView['options'];
}

/**
 * Fetches what `path` wants signed and hashes it here: the authenticator signs the challenge only,
 * so a challenge that is not the digest of the text on the screen is never passed on.
 * Rejects with `DIGEST_MISMATCH`, `PASSKEY_NOT_ENROLLED`, or as the archive answers.
 */
export async function fetchToSign(
  path: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<ToSign> {
  const { canonical, options } = await ask<ChallengeView>(`${path}/challenge`, {
    ...{ query, signal },
  }).catch((error: unknown) => {
    // Here it is the viewer's own that is missing.
    const none = error instanceof ApiProblem && error.problem.code === 'PASSKEY_UNKNOWN';
    throw none ? localProblem('PASSKEY_NOT_ENROLLED', error) : error;
  });
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical));
  const bytes = new Uint8Array(hash);
  if (base64url(bytes) !== options.challenge) throw localProblem('DIGEST_MISMATCH');
  const digest = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { canonical, digest, options };
}

/** The person's passkey signs. Rejects with `PASSKEY_…` codes. */
export async function signWithPasskey(toSign: ToSign): Promise<AssertionIn> {
  requirePasskeys();
  const optionsJSON = toSign.options as unknown as PublicKeyCredentialRequestOptionsJSON;
  try {
    return (await startAuthentication({ optionsJSON })) as AssertionIn;
  } catch (error) {
    throw passkeyProblem(error);
  }
}

/** A new passkey on this device or on a security key. Rejects with `PASSKEY_…` codes. */
export async function createPasskey(
  options: ChallengeView['options'],
): Promise<PasskeyIn['registration']> {
  requirePasskeys();
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  try {
    return (await startRegistration({ optionsJSON })) as PasskeyIn['registration'];
  } catch (error) {
    throw passkeyProblem(error);
  }
}

function requirePasskeys(): void {
  if (browserSupportsWebAuthn()) return;
  throw localProblem(window.isSecureContext ? 'PASSKEY_UNSUPPORTED' : 'PASSKEY_INSECURE');
}

function passkeyProblem(error: unknown) {
  if (error instanceof WebAuthnError) {
    if (error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') {
      return localProblem('PASSKEY_HERE_ALREADY', error);
    }
    // An address of digits, or a host name that the archive does not go by.
    if (error.code === 'ERROR_INVALID_DOMAIN' || error.code === 'ERROR_INVALID_RP_ID') {
      return localProblem('PASSKEY_INSECURE', error);
    }
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (/certificate/i.test(message)) return localProblem('PASSKEY_INSECURE', error);
  const cancelled = name === 'NotAllowedError' || name === 'AbortError';
  return localProblem(cancelled ? 'PASSKEY_CANCELLED' : 'PASSKEY_FAILED', error);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
