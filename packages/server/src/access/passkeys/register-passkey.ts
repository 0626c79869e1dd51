import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { canonicalJson } from '../../core/canonical-json.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { act } from '../act.ts';
import { sha256Hex } from '../digest.ts';
import type { Viewer } from '../policy.ts';
import { inTurnOf, partyOf } from '../requests/ask.ts';
import { requestError } from '../requests/request-error.ts';
import type { PasskeyDeps } from './ports.ts';

const CHALLENGE_MS = 5 * 60_000;
/** Of one person: each calls those who confirm. */
const MOST_AWAITING = 5;
/** ES256, EdDSA, RS256: what platform and roaming authenticators offer. */
const ALGORITHMS = [-7, -8, -257];

/** What a browser's `navigator.credentials.create()` gives, as JSON. */
export type Registration = Parameters<typeof verifyRegistrationResponse>[0]['response'];

/**
 * Begins a registration: options for the browser; the challenge is good once, for five minutes.
 * `host` is the name that the page was opened under. Rejects with PERSON_UNKNOWN.
 */
export async function beginRegistration(deps: PasskeyDeps, viewer: Viewer, host: string) {
  partyOf(viewer);
  const { ids } = deps.relyingParty();
  const rpID = ids.find((id) => id === host) ?? ids[0] ?? 'localhost';
  const known = (await deps.warrants.passkeys()).filter((one) => one.account === viewer.actorId);
  const options = await generateRegistrationOptions({
    rpName: deps.archiveName,
    rpID,
    userID: new Uint8Array(Buffer.from(viewer.actorId)),
    userName: viewer.username,
    userDisplayName: viewer.displayName,
    challenge: new Uint8Array(deps.random.bytes(32)),
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map((one) => ({ id: one.credentialId })),
    authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
  });
  const until = new Date(deps.clock.now().getTime() + CHALLENGE_MS);
  const row = { challenge: options.challenge, until };
  await deps.db
    .insertInto('passkey_challenge')
    .values({ actor_id: viewer.actorId, ...row })
    .onConflict((conflict) => conflict.column('actor_id').doUpdateSet(row))
    .execute();
  return options;
}

/**
 * Takes a new passkey; it counts once two people have confirmed it. Resolves to its id. Rejects with
 * PASSKEY_STALE for a challenge that is used or old, PASSKEY_INVALID, PASSKEY_TAKEN, TOO_MANY_PENDING.
 */
export async function registerPasskey(
  deps: PasskeyDeps,
  viewer: Viewer,
  { label, registration }: { label: string; registration: Registration },
  httpRequestId: string,
): Promise<string> {
  const owner = partyOf(viewer);
  const challenge = await takeChallenge(deps, viewer.actorId);
  const { ids, origins } = deps.relyingParty();
  const found = await verifyRegistrationResponse({
    response: registration,
    expectedChallenge: challenge,
    expectedOrigin: [...origins],
    expectedRPID: [...ids],
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => undefined);
  if (found?.verified !== true) {
    throw requestError('PASSKEY_INVALID', 'is no passkey made for this', 'body/registration');
  }
  const { credential } = found.registrationInfo;
  const id = newUuidV7(deps.clock, deps.random);
  const canonical = canonicalJson({
    ...{ format: 'voxkeep/passkey/v1', archiveId: deps.archiveId, passkeyId: id, owner },
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
  });
  return act(deps, async (tx) => {
    await inTurnOf(tx, owner.person);
    const { n } = await tx
      .selectFrom('passkey')
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .where('person', '=', owner.person)
      .where('state', '=', 'awaiting')
      .executeTakeFirstOrThrow();
    if (Number(n) >= MOST_AWAITING) {
      throw requestError('TOO_MANY_PENDING', `${MOST_AWAITING} of your passkeys wait already`);
    }
    const made = await tx
      .insertInto('passkey')
      .values({
        ...{ id, actor_id: owner.account, person: owner.person, label, state: 'awaiting' },
        ...{ credential_id: credential.id, canonical, created_at: deps.clock.now() },
        ...{ enrolled_at: null, revoked_at: null },
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows === 0n) {
      throw requestError('PASSKEY_INVALID', 'that passkey is known already', 'body/registration');
    }
    const roles = (await deps.warrants.isFounding())
      ? (['admin', 'compliance'] as const)
      : (['approver'] as const);
    await deps.notices.tell(tx, {
      to: { roles, except: [owner.account] },
      ...{ kind: 'enrolment.awaiting', severity: 'action', resource: id },
    });
    return {
      answer: id,
      entry: {
        actor: { id: owner.account, role: owner.role },
        ...{ action: 'passkey.register', resource: id, outcome: 'ok', requestId: httpRequestId },
        detail: { digest: sha256Hex(canonical) },
      },
    };
  });
}

async function takeChallenge(deps: PasskeyDeps, actorId: string): Promise<string> {
  const row = await deps.db
    .deleteFrom('passkey_challenge')
    .where('actor_id', '=', actorId)
    .returning(['challenge', 'until'])
    .executeTakeFirst();
  if (row !== undefined && row.until > deps.clock.now()) return row.challenge;
  throw requestError('PASSKEY_STALE', 'begin again: the registration was not begun, or is too old');
}
