import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { canonicalJson } from '../../core/canonical-json.ts';
import { fixedClock } from '../../core/clock.ts';
import { systemRandom as random } from '../../core/random.ts';
import { createKeyFolder, openKeyFolder } from '../file-key-store.ts';
import { TestAuthenticator } from './authenticator.testing.ts';
import { openWarrants } from './open-warrants.ts';
import type { Warrants } from './ports.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
const RECORD = '0198a1b2-0000-7000-8000-00000000aaaa';
const NOW = new Date('2026-11-27T08:00:00.000Z');
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const uuid = (n: number) => `0198a1b2-0000-7000-8000-${String(n).padStart(12, '0')}`;
const personOf = (n: number) => String(n).padStart(32, '0');

let parent: string;
let warrants: Warrants;
let open: () => Promise<Warrants>;
const people = new Map<number, TestAuthenticator>();

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'voxkeep-warrants-'));
  const folder = join(parent, 'keys');
  await createKeyFolder({ folder, archiveId, random });
  open = async () => {
    const store = await openKeyFolder({ folder, archiveId, clock: fixedClock(NOW), random });
    const relyingParty = () => ({ ids: ['localhost'], origins: ['https://localhost:8443'] });
    return openWarrants({ documents: store.documents, archiveId, relyingParty });
  };
  warrants = await open();
  people.clear();
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const device = (n: number): TestAuthenticator => {
  const known = people.get(n) ?? new TestAuthenticator();
  people.set(n, known);
  return known;
};
function enrolment(n: number, more: { role?: string; archive?: string } = {}): string {
  const { credentialId, publicKey } = device(n);
  return canonicalJson({
    ...{ format: 'voxkeep/passkey/v1', archiveId: more.archive ?? archiveId, passkeyId: uuid(n) },
    owner: { account: uuid(n), role: more.role ?? 'approver', person: personOf(n) },
    ...{ credentialId, publicKey },
  });
}
const founders = { people: ['a', 'b'] };
async function approvers(...numbers: number[]): Promise<void> {
  for (const n of numbers) await warrants.enrol(enrolment(n), founders, NOW);
}

type Request = Record<string, unknown>;
const request = (more: Request = {}): string =>
  canonicalJson({
    ...{ format: 'voxkeep/access-request/v1', archiveId, requestId: uuid(900), kind: 'records' },
    requester: { account: uuid(50), role: 'auditor', person: personOf(50) },
    purpose: { category: 'audit', commitment: 'c'.repeat(64) },
    decideBy: later(60).toISOString(),
    records: [{ id: RECORD, tier: 'core', startedAt: '2026-01-01T00:00:00.000Z' }],
    ...{ fields: ['media', 'transcript'], minutes: 30 },
    ...more,
  });
const signed = (canonical: string, ...numbers: number[]) =>
  numbers.map((n) => device(n).sign(canonical));
const rejects = (work: Promise<unknown>, code: string) =>
  expect(work).rejects.toMatchObject({ code });
const opens = (more: Partial<Parameters<Warrants['opens']>[0]> = {}) =>
  warrants.opens({
    ...{ id: uuid(900), account: uuid(50), role: 'auditor', recordId: RECORD, pool: 'core' },
    ...{ purpose: 'redacted', now: NOW },
    ...more,
  });

it('two approvers of two persons put a request in force, for its minutes, also after a restart', async () => {
  await approvers(1, 2);
  const live = await warrants.admit(request(), signed(request(), 1, 2), NOW);
  expect(live).toMatchObject({ holderId: uuid(50), since: NOW, until: later(30) });
  warrants = await open();
  expect((await warrants.liveFor(uuid(50), NOW)).grants).toEqual([live]);
  expect((await warrants.liveFor(uuid(50), later(30))).grants).toEqual([]);
  expect(await opens()).toBe(true);
  expect(await opens({ now: later(29.999) })).toBe(true);
});

it.each([
  ['another account', { account: uuid(51) }],
  ['another role', { role: 'qa' }],
  ['another record', { recordId: RECORD.replace('a', 'b') }],
  ['another field', { purpose: 'screenshot' as const }],
  ['the original', { purpose: 'original' as const }],
  ['a stricter pool', { pool: 'sensitive' as const }],
  ['what waits in quarantine', { pool: 'quarantine' as const }],
  ['its end', { now: later(30) }],
  ['the time before', { now: later(-1) }],
  ['another request', { id: uuid(901) }],
])('a request in force opens nothing beyond itself: not %s', async (_name, more) => {
  await approvers(1, 2);
  await warrants.admit(request(), signed(request(), 1, 2), NOW);
  expect(await opens()).toBe(true);
  expect(await opens(more)).toBe(false);
});

it('refuses signers that are too few, one person, the requester, or no approvers', async () => {
  await approvers(1, 2);
  await warrants.enrol(enrolment(50, { role: 'auditor' }), founders, NOW);
  await warrants.enrol(enrolment(3, { role: 'qa' }), founders, NOW);
  const admit = (...numbers: number[]) =>
    warrants.admit(request(), signed(request(), ...numbers), NOW);
  for (const numbers of [[], [1], [1, 1], [1, 50], [1, 3], [1, 2, 3]]) {
    await rejects(admit(...numbers), 'SIGNERS_WRONG');
  }
  await rejects(admit(1, 77), 'PASSKEY_NOT_ENROLLED');
  // A second passkey of the first person is still the first person.
  const second = new TestAuthenticator();
  const statement = JSON.parse(enrolment(1)) as Record<string, unknown>;
  const { credentialId, publicKey } = second;
  const own = canonicalJson({ ...statement, passkeyId: uuid(4), credentialId, publicKey });
  await warrants.enrol(own, founders, NOW);
  const both = [device(1).sign(request()), second.sign(request())];
  await rejects(warrants.admit(request(), both, NOW), 'SIGNERS_WRONG');
  expect(await opens()).toBe(false);
});

it.each([
  ['of another origin', { origin: 'https://localhost:9999' }],
  ['of another relying party', { rpId: 'example.org' }],
  ['without the person verified', { userVerified: false }],
  ['made for a registration', { type: 'webauthn.create' }],
])('refuses a signature %s', async (_name, how) => {
  await approvers(1, 2);
  const assertions = [device(1).sign(request()), device(2).sign(request(), how)];
  await rejects(warrants.admit(request(), assertions, NOW), 'SIGNATURE_INVALID');
});

it.each([
  ['records', { records: [{ id: uuid(5), tier: 'core', startedAt: '2026-01-01T00:00:00.000Z' }] }],
  ['tier', { records: [{ id: RECORD, tier: 'sensitive', startedAt: '2026-01-01T00:00:00.000Z' }] }],
  ['fields', { fields: ['original'] }],
  ['minutes', { minutes: 240 }],
  ['purpose', { purpose: { category: 'training', commitment: 'c'.repeat(64) } }],
  ['requester', { requester: { account: uuid(51), role: 'auditor', person: personOf(51) } }],
  ['decideBy', { decideBy: later(600).toISOString() }],
])('a signature over one request is none over the same with another %s', async (_name, more) => {
  await approvers(1, 2);
  const assertions = signed(request(), 1, 2);
  await rejects(warrants.admit(request(more), assertions, NOW), 'SIGNATURE_INVALID');
});

it('admits nothing twice, nothing late, and nothing that was barred', async () => {
  await approvers(1, 2);
  const admit = (canonical: string, at = NOW) =>
    warrants.admit(canonical, signed(canonical, 1, 2), at);
  await rejects(admit(request(), later(60)), 'WARRANT_OVER');
  await admit(request());
  await rejects(admit(request()), 'WARRANT_OVER');
  await rejects(admit(request(), later(45)), 'WARRANT_OVER');
  await warrants.bar(uuid(900), later(60));
  expect(await opens()).toBe(false);
  await rejects(admit(request()), 'WARRANT_OVER');
  await warrants.bar(uuid(901), later(60));
  await rejects(admit(request({ requestId: uuid(901) })), 'WARRANT_OVER');
});

it('ended stays ended, however early a row says that nothing signed could count any more', async () => {
  await approvers(1, 2);
  const long = request({ decideBy: later(7 * 24 * 60).toISOString() });
  await warrants.admit(long, signed(long, 1, 2), NOW);
  await warrants.bar(uuid(900), later(-60));
  // The next admission forgets what is over.
  const other = request({ requestId: uuid(901) });
  await warrants.admit(other, signed(other, 1, 2), later(1));
  await rejects(warrants.admit(long, signed(long, 1, 2), later(2)), 'WARRANT_OVER');
  const endless = request({ requestId: uuid(902), decideBy: later(8 * 24 * 60).toISOString() });
  await rejects(warrants.admit(endless, signed(endless, 1, 2), NOW), 'WARRANT_DAMAGED');
});

it('refuses what is not exactly the canonical form of a request of this archive', async () => {
  await approvers(1, 2);
  const other = request({ archiveId: uuid(7) });
  const loose = JSON.stringify(JSON.parse(request()), null, 1);
  const wide = request({ minutes: 100_000 });
  for (const canonical of [other, loose, wide, request({ extra: 1 }), '{}', 'x']) {
    await rejects(warrants.admit(canonical, signed(canonical, 1, 2), NOW), 'WARRANT_DAMAGED');
  }
});

it('break-glass takes the requester and an approver, and the next waits for a review', async () => {
  await approvers(1, 2, 3);
  await warrants.enrol(
    enrolment(50, { role: 'auditor' }),
    { assertions: signed(enrolment(50, { role: 'auditor' }), 1, 2) },
    NOW,
  );
  const emergency = (id: number) => request({ requestId: uuid(id), kind: 'break_glass' });
  const admit = (id: number, ...numbers: number[]) =>
    warrants.admit(emergency(id), signed(emergency(id), ...numbers), NOW);
  await rejects(admit(910, 1, 2), 'SIGNERS_WRONG');
  await admit(910, 50, 1);
  expect(await warrants.unreviewed()).toEqual([uuid(910)]);
  await rejects(admit(911, 50, 2), 'WARRANT_OVER');
  const review = canonicalJson({
    ...{ format: 'voxkeep/break-glass-review/v1', archiveId, requestId: uuid(910) },
    finding: 'justified',
  });
  for (const n of [1, 50]) {
    await rejects(warrants.review(review, device(n).sign(review)), 'SIGNERS_WRONG');
  }
  await warrants.review(review, device(2).sign(review));
  await admit(911, 50, 2);
});

it('a mandate opens redacted things of its scope, and its manifest to see whether they are of it', async () => {
  await approvers(1, 2);
  const scope = { from: '2026-01-01T00:00:00.000Z', before: '2026-02-01T00:00:00.000Z' };
  const { records: _, fields: __, minutes: ___, ...rest } = JSON.parse(request()) as Request;
  const mandate = canonicalJson({
    ...{ ...rest, kind: 'mandate', scope: { ...scope, industries: ['telecom'] } },
    holder: { account: uuid(60), role: 'regulator', person: personOf(60) },
    ...{ validFrom: NOW.toISOString(), validTo: later(10_000).toISOString() },
  });
  await warrants.admit(mandate, signed(mandate, 1, 2), NOW);
  const facts = { startedAt: new Date('2026-01-15T00:00:00Z'), industry: 'telecom' };
  const asked = { account: uuid(60), role: 'regulator', now: later(9000) };
  expect(await opens({ ...asked, scope: facts })).toBe(true);
  expect(await opens({ ...asked, scope: { ...facts, industry: 'bank' } })).toBe(false);
  expect(await opens({ ...asked, scope: facts, purpose: 'original' })).toBe(false);
  expect(await opens(asked)).toBe(false);
  expect(await opens({ ...asked, purpose: 'manifest' })).toBe(true);
});

it('two people confirm an enrolment, by password only until three approvers were there', async () => {
  await rejects(warrants.enrol(enrolment(1), { people: ['a'] }, NOW), 'SIGNERS_WRONG');
  await rejects(warrants.enrol(enrolment(1), { people: ['a', 'a'] }, NOW), 'SIGNERS_WRONG');
  await rejects(warrants.enrol(enrolment(1), { people: ['a', personOf(1)] }, NOW), 'SIGNERS_WRONG');
  await approvers(1, 2);
  await rejects(warrants.enrol(enrolment(1), founders, NOW), 'PASSKEY_TAKEN');
  expect(await warrants.isFounding()).toBe(true);
  await approvers(3);
  expect(await warrants.isFounding()).toBe(false);
  await rejects(warrants.enrol(enrolment(4), founders, NOW), 'SIGNERS_WRONG');
  await warrants.revokePasskeys([uuid(3)]);
  // It never opens again, however few are left.
  await rejects(warrants.enrol(enrolment(4), founders, NOW), 'SIGNERS_WRONG');
  const assertions = (...numbers: number[]) => ({ assertions: signed(enrolment(4), ...numbers) });
  await rejects(warrants.enrol(enrolment(4), assertions(1), NOW), 'SIGNERS_WRONG');
  await rejects(warrants.enrol(enrolment(4), assertions(1, 3), NOW), 'PASSKEY_NOT_ENROLLED');
  await warrants.enrol(enrolment(4), assertions(1, 2), NOW);
});

it('whoever has the host can open the founding again, when nobody is left to confirm', async () => {
  await approvers(1, 2, 3);
  await warrants.revokePasskeys([uuid(1), uuid(2), uuid(3)]);
  await rejects(warrants.enrol(enrolment(4), founders, NOW), 'SIGNERS_WRONG');
  await warrants.reopenFounding();
  await approvers(4, 5, 6);
  expect(await warrants.isFounding()).toBe(false);
});

it('a revoked passkey signs nothing more, and changes at once take turns', async () => {
  await approvers(1, 2);
  const both = signed(request(), 1, 2);
  await Promise.all([warrants.revokePasskeys([uuid(2)]), warrants.bar(uuid(950), later(60))]);
  await rejects(warrants.admit(request(), both, NOW), 'PASSKEY_NOT_ENROLLED');
  expect((await warrants.passkeys()).map((one) => one.id)).toEqual([uuid(1)]);
});

it('a document that somebody changed opens nothing: KEYS_DAMAGED', async () => {
  await approvers(1, 2);
  await warrants.admit(request(), signed(request(), 1, 2), NOW);
  const path = join(parent, 'keys/document-warrants.sealed');
  const bytes = await readFile(path);
  for (const at of [0, 5, 40, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path, changed, { mode: 0o600 });
    await rejects(opens(), 'KEYS_DAMAGED');
  }
});
