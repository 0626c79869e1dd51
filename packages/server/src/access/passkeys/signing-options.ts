import { createHash } from 'node:crypto';
import { generateAuthenticationOptions } from '@simplewebauthn/server';
import type { Viewer } from '../policy.ts';
import { requestError } from '../requests/request-error.ts';
import type { PasskeyDeps } from './ports.ts';

/**
 * What a browser needs to have these characters signed by one of the viewer's enrolled passkeys: the
 * challenge is their SHA-256. Rejects with PASSKEY_UNKNOWN when the viewer has none.
 */
export async function signingOptions(
  deps: Pick<PasskeyDeps, 'warrants' | 'relyingParty'>,
  viewer: Viewer,
  canonical: string,
  host: string,
) {
  const own = (await deps.warrants.passkeys()).filter((one) => one.account === viewer.actorId);
  if (own.length === 0) {
    throw requestError('PASSKEY_UNKNOWN', 'you have no enrolled passkey; set one up in settings');
  }
  const { ids } = deps.relyingParty();
  const options = await generateAuthenticationOptions({
    rpID: ids.find((id) => id === host) ?? ids[0] ?? 'localhost',
    challenge: new Uint8Array(createHash('sha256').update(canonical).digest()),
    allowCredentials: own.map((one) => ({ id: one.credentialId })),
    userVerification: 'required',
  });
  return { canonical, options: { ...options } };
}
