import type { Twist } from '../authenticator.ts';
import type { Answer } from '../client.ts';
import type { ArchiveClock } from '../clock.ts';
import { type Passkey, signStatement } from '../passkeys.ts';
import type { Seeded } from '../random.ts';
import type { RequestModel, Signing } from './model.ts';
import type { Actor } from './world.ts';

/** Something that somebody does to a request, and what the model says of it. */
export interface Act {
  name: string;
  request: RequestModel;
  run(): Promise<Answer>;
  against(now: Date): string[];
  apply(now: Date): void;
}

const IDLE_MS = 20 * 60_000;
const SESSION_MS = 11 * 3_600_000;

/** Signs in again before the archive would ask for it. */
export async function awake(actor: Actor, clock: ArchiveClock): Promise<void> {
  const now = clock.now().getTime();
  const fresh = now - actor.seenAt < IDLE_MS && now - actor.signedInAt < SESSION_MS;
  if (actor.known.locked || fresh) return;
  await signInAgain(actor, clock);
}

export async function signInAgain(actor: Actor, clock: ArchiveClock): Promise<void> {
  const { client, username, password } = actor.person;
  const status = await client.signIn(username, password);
  if (status !== 200) throw new Error(`${username} signs in: ${status}`);
  actor.seenAt = actor.signedInAt = clock.now().getTime();
}

/** What is wrong with a signature that is false, one thing at a time. */
const TWISTS: readonly ((random: Seeded) => Twist)[] = [
  () => ({ origin: 'https://localhost.example' }),
  () => ({ origin: 'http://localhost' }),
  () => ({ rpId: 'example.com' }),
  () => ({ userVerified: false }),
  () => ({ userPresent: false }),
  () => ({ type: 'webauthn.create' }),
  () => ({ damaged: true }),
  () => ({ otherKey: true }),
  () => ({ challenge: Buffer.alloc(32, 5).toString('base64url') }),
  (random) => ({ credentialId: Buffer.alloc(32, random.below(256)).toString('base64url') }),
];

export function approval(
  request: RequestModel,
  actor: Actor,
  how: { signing: Signing; canonical: string; random: Seeded; otherKey?: Passkey },
): Act {
  const { signing, canonical, random, otherKey } = how;
  const passkey = signing === 'key-of-another' ? otherKey : actor.passkey;
  if (passkey === undefined) throw new Error('an approver without a key');
  const twist = signing === 'false' ? random.pick(TWISTS)(random) : {};
  const made = signStatement(canonical, passkey, twist);
  // What the same key signed for another request, as it stood in the other answer.
  const earlier = actor.signed?.requestId === request.id ? undefined : actor.signed?.assertion;
  const replayed = signing === 'replayed' && earlier !== undefined;
  const assertion = replayed ? earlier : made;
  if (signing === 'good') actor.signed ??= { requestId: request.id, assertion };
  return {
    name: `approval by ${actor.known.role} (${signing} ${JSON.stringify(twist)})`,
    request,
    run: () => actor.person.client.post(`/access/requests/${request.id}/approve`, { assertion }),
    against: (now) =>
      request.againstApproval(
        actor.known,
        signing === 'replayed' && !replayed ? 'good' : signing,
        now,
      ),
    apply: (now) => request.approve(actor.known, now),
  };
}

export const rejection = (request: RequestModel, actor: Actor): Act => ({
  name: 'rejection',
  request,
  run: () =>
    actor.person.client.post(`/access/requests/${request.id}/reject`, { reason: 'not needed' }),
  against: (now) => request.againstRejection(actor.known, now),
  apply: () => {
    request.state = 'rejected';
  },
});

export const withdrawal = (request: RequestModel, actor: Actor): Act => ({
  name: `withdrawal by ${actor.known.role}`,
  request,
  run: () => actor.person.client.post(`/access/requests/${request.id}/withdraw`),
  against: (now) => request.againstWithdrawal(actor.known, now),
  apply: () => {
    request.state = 'withdrawn';
  },
});

export const revocation = (request: RequestModel, actor: Actor): Act => ({
  name: `revocation by ${actor.known.role}`,
  request,
  run: () =>
    actor.person.client.post(`/access/requests/${request.id}/revoke`, { reason: 'enough' }),
  against: (now) => request.againstRevocation(actor.known, now),
  apply: () => {
    request.state = 'revoked';
  },
});
