import { createHash } from 'node:crypto';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { Assertion, RelyingParty } from '../../record/assertion.ts';
import { keysError } from '../keys-error.ts';

/** The challenge of a signature over these characters: their SHA-256 in base64url. */
export const challengeOf = (canonical: string): string =>
  createHash('sha256').update(canonical).digest('base64url');

/**
 * Resolves when the assertion is by this key over these very characters, made at one of the archive's
 * own pages by a verified person. Rejects with SIGNATURE_INVALID.
 */
export async function checkSignature(
  canonical: string,
  assertion: Assertion,
  key: { credentialId: string; publicKey: string },
  relyingParty: RelyingParty,
): Promise<void> {
  const { response } = assertion;
  const { userHandle, ...rest } = response;
  const refused = (cause?: unknown) =>
    keysError('SIGNATURE_INVALID', 'no signature of that passkey over this', cause);
  let verified: boolean;
  try {
    const found = await verifyAuthenticationResponse({
      response: {
        ...{ id: assertion.id, rawId: assertion.rawId, type: assertion.type },
        response: { ...rest, ...(userHandle === undefined ? {} : { userHandle }) },
        clientExtensionResults: {},
      },
      expectedChallenge: challengeOf(canonical),
      expectedOrigin: [...relyingParty.origins],
      expectedRPID: [...relyingParty.ids],
      requireUserVerification: true,
      credential: {
        id: key.credentialId,
        publicKey: new Uint8Array(Buffer.from(key.publicKey, 'base64url')),
        // Passkeys that are kept on several devices do not count; each challenge is good for one thing.
        counter: 0,
      },
    });
    verified = found.verified;
  } catch (cause) {
    throw refused(cause);
  }
  if (!verified) throw refused();
}
