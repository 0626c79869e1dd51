import type { Assertion, RelyingParty } from '../../record/assertion.ts';
import type { LiveGrant, LiveMandate } from '../../record/grant.ts';
import { keysError } from '../keys-error.ts';
import type { KeyDocuments } from '../ports.ts';
import { admitRequest } from './admit-request.ts';
import { checkSignature } from './check-signature.ts';
import { opensObject } from './opens-object.ts';
import type { Warrants } from './ports.ts';
import { EMPTY_REGISTER, type EnrolledPasskey, liveOf, type Register } from './register.ts';
import { demandDisposalSigners } from './signers.ts';
import {
  isRequest,
  readDisposalRun,
  readEnrolment,
  readRequest,
  readReview,
} from './statements.ts';

const FOUNDERS = 3;
const approversIn = (register: Register) =>
  new Set(register.passkeys.filter((one) => one.approver).map((one) => one.person));

/** The warrants of an archive over the sealed document beside its keys. */
export function openWarrants(options: {
  documents: KeyDocuments;
  archiveId: string;
  /** Asked for each time: the port is known once the archive listens. */
  relyingParty: () => RelyingParty;
}): Warrants {
  const { documents, archiveId, relyingParty } = options;
  type Live = LiveGrant | LiveMandate;
  let known:
    | { stamp: string; register: Register; live: Live[]; persons: Map<Live, string> }
    | undefined;
  /** Changes take turns: each reads what the one before has written. */
  let turn: Promise<unknown> = Promise.resolve();

  async function current() {
    const stamp = await documents.stamp('warrants');
    if (known?.stamp === stamp) return known;
    const bytes = await documents.read('warrants');
    const register = bytes === undefined ? EMPTY_REGISTER : readRegister(bytes);
    const persons = new Map<Live, string>();
    for (const { canonical, since, until } of register.admitted) {
      const request = readRequest(canonical, archiveId);
      const { person } = request.kind === 'mandate' ? request.holder : request.requester;
      persons.set(liveOf(request, new Date(since), new Date(until)), person);
    }
    known = { stamp, register, live: [...persons.keys()], persons };
    return known;
  }
  function change<T>(work: (register: Register) => Promise<{ register: Register; answer: T }>) {
    const done = turn.then(async () => {
      const { register, answer } = await work((await current()).register);
      await documents.write('warrants', Buffer.from(JSON.stringify(register)));
      known = undefined;
      return answer;
    });
    turn = done.catch(() => undefined);
    return done;
  }
  async function signer(register: Register, canonical: string, assertion: Assertion) {
    const passkey = register.passkeys.find((one) => one.credentialId === assertion.id);
    if (passkey === undefined) {
      throw keysError('PASSKEY_NOT_ENROLLED', 'the passkey is not enrolled');
    }
    await checkSignature(canonical, assertion, passkey, relyingParty());
    return passkey;
  }

  async function admitted(
    register: Register,
    canonical: string,
    assertions: Assertion[],
    now: Date,
  ) {
    const request = readRequest(canonical, archiveId);
    const signers = await Promise.all(assertions.map((one) => signer(register, canonical, one)));
    const next = admitRequest(register, { request, canonical, assertions, signers, now });
    return { request, next };
  }

  return {
    passkeys: async () => (await current()).register.passkeys,
    reopenFounding: () =>
      change(async ({ foundedAt: _, ...register }) => ({ register, answer: undefined })),
    isFounding: async () => (await current()).register.foundedAt === undefined,
    enrol: (canonical, confirmed, now) =>
      change(async (register) => {
        const { passkeyId, owner, credentialId, publicKey } = readEnrolment(canonical, archiveId);
        if (register.passkeys.some((one) => one.credentialId === credentialId)) {
          throw keysError('PASSKEY_TAKEN', 'the passkey is enrolled already');
        }
        const people =
          'assertions' in confirmed
            ? (
                await Promise.all(
                  confirmed.assertions.map((one) => signer(register, canonical, one)),
                )
              )
                .filter((one) => one.approver)
                .map((one) => one.person)
            : register.foundedAt === undefined
              ? confirmed.people
              : [];
        if (new Set(people.filter((one) => one !== owner.person)).size < 2) {
          throw keysError('SIGNERS_WRONG', 'two other people have to confirm an enrolment');
        }
        const passkey: EnrolledPasskey = {
          ...{ id: passkeyId, account: owner.account, person: owner.person },
          ...{ approver: owner.role === 'approver', credentialId, publicKey },
          enrolledAt: now.toISOString(),
        };
        const next: Register = { ...register, passkeys: [...register.passkeys, passkey] };
        if (approversIn(next).size >= FOUNDERS) next.foundedAt ??= now.toISOString();
        return { register: next, answer: undefined };
      }),
    revokePasskeys: (ids) =>
      change(async (register) => {
        const passkeys = register.passkeys.filter((one) => !ids.includes(one.id));
        return { register: { ...register, passkeys }, answer: undefined };
      }),
    signerOf: async (canonical, assertion) =>
      signer((await current()).register, canonical, assertion),
    isRequest: (canonical) => isRequest(canonical, archiveId),
    wouldAdmit: async (canonical, assertions, now) =>
      void (await admitted((await current()).register, canonical, assertions, now)),
    admit: (canonical, assertions, now) =>
      change(async (register) => {
        const { request, next } = await admitted(register, canonical, assertions, now);
        const { since, until } = next.admitted.at(-1) as Register['admitted'][number];
        return { register: next, answer: liveOf(request, new Date(since), new Date(until)) };
      }),
    bar: (requestId, until) =>
      change(async (register) => {
        const admitted = register.admitted.filter(
          ({ canonical }) => readRequest(canonical, archiveId).requestId !== requestId,
        );
        const others = register.barred.filter((one) => one.id !== requestId);
        const before = register.barred.filter((one) => one.id === requestId);
        // Never sooner than what was signed says: the caller's moment may come from a row.
        const moments = [until, ...before.map((one) => new Date(one.until))].map(Number);
        const last = new Date(Math.max(...moments)).toISOString();
        const barred = [...others, { id: requestId, until: last }];
        return { register: { ...register, admitted, barred }, answer: undefined };
      }),
    review: (canonical, assertion) =>
      change(async (register) => {
        const { requestId } = readReview(canonical, archiveId);
        const reviewer = await signer(register, canonical, assertion);
        const takers = register.parties?.[requestId] ?? [];
        if (!reviewer.approver || takers.includes(reviewer.person)) {
          throw keysError('SIGNERS_WRONG', 'an approver who had no part in it has to review');
        }
        const unreviewed = register.unreviewed.filter((one) => one !== requestId);
        return { register: { ...register, unreviewed }, answer: undefined };
      }),
    async demandDisposal(canonical, assertions) {
      const run = readDisposalRun(canonical, archiveId);
      const { register } = await current();
      const signed = assertions.map((one) => signer(register, canonical, one));
      demandDisposalSigners(run, await Promise.all(signed));
      return run;
    },
    unreviewed: async () => (await current()).register.unreviewed,
    partiesOf: async (requestId) => (await current()).register.parties?.[requestId] ?? [],
    async liveFor(account, now, person) {
      const { live, persons } = await current();
      const mine = live.filter(
        (one) =>
          one.holderId === account &&
          one.until > now &&
          (person === undefined || persons.get(one) === person),
      );
      return {
        grants: mine.filter((one): one is LiveGrant => 'records' in one),
        mandates: mine.filter((one): one is LiveMandate => 'scope' in one),
      };
    },
    isAdmitted: async (requestId) => (await current()).live.some((one) => one.id === requestId),
    inForce: async (now) =>
      (await current()).register.admitted
        .map(({ canonical, since, until }) => ({
          canonical,
          ...{ since: new Date(since), until: new Date(until) },
        }))
        .filter(({ until }) => until > now),
    async opens(asked) {
      const live = (await current()).live.find((one) => one.id === asked.id);
      return live !== undefined && opensObject(live, asked);
    },
  };
}

function readRegister(bytes: Buffer): Register {
  const register = JSON.parse(bytes.toString()) as Register;
  if (register.format === EMPTY_REGISTER.format) return register;
  throw keysError('KEYS_DAMAGED', 'document-warrants is of a format this program does not know');
}
