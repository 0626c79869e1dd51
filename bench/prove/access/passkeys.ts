import { createHash } from 'node:crypto';
import type { ChallengeView, PasskeyView } from '@voxkeep/contract';
import { type Assertion, SoftwareAuthenticator, type Twist } from './authenticator.ts';
import type { Answer } from './client.ts';
import type { Person } from './people.ts';

/** A person's key, and the archive's row of it. */
export interface Passkey {
  id: string;
  key: SoftwareAuthenticator;
}

/** Where passkeys of the archive at this address belong. */
export const placeOf = (url: string) => ({ origin: new URL(url).origin, rpId: 'localhost' });

/** The challenge that a statement is signed under: SHA-256 of its very characters, in base64url. */
export const challengeOf = (canonical: string): string =>
  createHash('sha256').update(canonical).digest('base64url');

/** Makes a key and registers it; it counts for nothing yet. */
export async function register(person: Person, url: string): Promise<Passkey> {
  const options = done(await person.client.post('/access/passkeys/options')) as {
    challenge: string;
  };
  const key = new SoftwareAuthenticator(placeOf(url));
  const registration = key.register(options.challenge);
  const body = { label: 'key', registration };
  const { id } = done(await person.client.post('/access/passkeys', body)) as PasskeyView;
  return { id, key };
}

/** One of the two confirmations, by the signature of somebody whose own key is enrolled. */
export async function confirm(
  passkeyId: string,
  by: Person,
  own: SoftwareAuthenticator,
  twist: Twist = {},
): Promise<Answer> {
  const asked = await by.client.get(`/access/passkeys/${passkeyId}/challenge`);
  const { canonical } = done(asked) as ChallengeView;
  const assertion = own.assert(challengeOf(canonical), twist);
  return by.client.post(`/access/passkeys/${passkeyId}/confirm`, { assertion });
}

/** Registers, and has it confirmed by two. */
export async function enrol(
  person: Person,
  by: readonly [Signer, Signer],
  url: string,
): Promise<Passkey> {
  const made = await register(person, url);
  for (const one of by) done(await confirm(made.id, one.person, one.passkey.key));
  return made;
}

export interface Signer {
  person: Person;
  passkey: Passkey;
}

/** The statement of a request, after a look at whether its challenge is what it has to be. */
export async function statementOf(person: Person, requestId: string): Promise<string> {
  const asked = await person.client.get(`/access/requests/${requestId}/challenge`);
  const { canonical, options } = done(asked) as ChallengeView;
  if (options.challenge !== challengeOf(canonical)) {
    throw new Error(`the challenge of ${requestId} is not the SHA-256 of what is signed`);
  }
  return canonical;
}

export const signStatement = (canonical: string, { key }: Passkey, twist: Twist = {}): Assertion =>
  key.assert(challengeOf(canonical), twist);

/** The body of an answer that has to be 2xx. */
export function done({ status, body, bytes }: Answer): unknown {
  if (status >= 200 && status < 300) return body;
  throw new Error(`${status} ${bytes.toString().slice(0, 300)}`);
}
