import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuidV7 } from '../../core/ids.ts';
import { type AuditScene, auditScene } from './audit-scene.testing.ts';
import { DAY_MS } from './check.ts';
import { accessUnused } from './checks/access-accounts.ts';
import { accessMandates } from './checks/access-grants.ts';
import { disksEncrypted } from './checks/disks-encrypted.ts';
import { holdsIntact } from './checks/holds-intact.ts';
import { keysAge, keysEscrow } from './checks/keys.ts';
import { ledgerWitnesses } from './checks/ledger-witnesses.ts';
import { registersImpact, registersSiteCountry } from './checks/registers.ts';
import type { AuditContext, AuditSite, AuditSources, Check } from './ports.ts';
import { addRegisterEntry, endRegisterEntry } from './registers.ts';

let scene: AuditScene;
beforeAll(async () => {
  scene = await auditScene();
});
afterAll(() => scene.database.close());

const NOW = new Date('2026-11-28T01:00:00Z');
async function codesOf(check: Check, more: Partial<AuditSources> = {}): Promise<string[]> {
  const context: AuditContext = {
    ...{ ...scene.deps.sources, ...more, asOf: NOW, today: '2026-11-28', seed: 'a1' },
    signal: new AbortController().signal,
  };
  const { findings } = await check.run(context);
  return findings.map(({ code, subject }) => `${code} ${subject.id}`);
}

/** An entry of the log as the catalog has it. */
let count = 0;
async function logged(action: string, actor: string, resource: string | null, at = NOW) {
  count += 1;
  await scene.deps.db
    .insertInto('ledger_entry')
    .values({
      ...{ index: count, outbox_id: null, at, sequenced_at: at, actor_id: actor, resource },
      ...{ actor_role: 'qa', action, purpose_category: null, outcome: 'ok', request_id: null },
      bytes: Buffer.from('{}'),
    })
    .execute();
}

test('what of a disk cannot be told is a finding, and no place at all no answer', async () => {
  const disks: AuditSources['disks'] = async () => [
    { place: 'data', encrypted: 'yes', how: 'dm-crypt' },
    { place: 'hq', encrypted: 'no', how: 'block-device' },
    { place: 'cloud', encrypted: 'unknown', how: 'nfs4' },
  ];
  expect(await codesOf(disksEncrypted, { disks })).toEqual([
    'DISK_NOT_ENCRYPTED hq',
    'DISK_UNKNOWN cloud',
  ]);
  await expect(codesOf(disksEncrypted)).rejects.toMatchObject({ code: 'AUDIT_PRECONDITION' });
});

test('an account is unused that is older than the time and has no sign-in of it in the ledger', async () => {
  const account = (id: string, days: number, more = {}) => ({
    ...{ id, role: 'qa', createdAt: new Date(NOW.getTime() - days * DAY_MS), person: id },
    ...{ lockedAt: undefined, ...more },
  });
  await logged('session.sign_in', 'active', null, new Date(NOW.getTime() - 10 * DAY_MS));
  await logged('session.sign_in', 'idle', null, new Date(NOW.getTime() - 91 * DAY_MS));
  const accounts = async () => [
    ...[account('active', 200), account('idle', 200), account('new', 10)],
    ...[account('locked', 200, { lockedAt: NOW }), account('key', 200, { role: 'service' })],
  ];
  expect(await codesOf(accessUnused, { accounts })).toEqual(['ACCOUNT_UNUSED idle']);
});

test('a mandate is found whose holder is locked, or has another role by now', async () => {
  const mandate = (id: string, account: string) => ({
    canonical: JSON.stringify({
      ...{ kind: 'mandate', requestId: id, holder: { account, role: 'regulator', person: 'p' } },
      validTo: '2027-01-01T00:00:00.000Z',
    }),
    ...{ since: NOW, until: new Date('2027-01-01') },
  });
  const holder = (id: string, role: string, lockedAt?: Date) => ({
    ...{ id, role, createdAt: NOW, lockedAt, person: 'p' },
  });
  const warrants = {
    ...scene.deps.sources.warrants,
    inForce: async () => ['good', 'locked', 'moved', 'gone'].map((one) => mandate(`m-${one}`, one)),
  };
  const accounts = async () => [
    ...[holder('good', 'regulator'), holder('locked', 'regulator', NOW), holder('moved', 'qa')],
  ];
  expect(await codesOf(accessMandates, { warrants, accounts })).toEqual([
    ...['MANDATE_HOLDER m-locked', 'MANDATE_HOLDER m-moved', 'MANDATE_HOLDER m-gone'],
  ]);
});

test('a hold of the ledger that the catalog lost is found, and a released one is not', async () => {
  const [lost, released, kept] = [newUuidV7(), newUuidV7(), newUuidV7()];
  for (const id of [lost, released, kept]) await logged('hold.create', 'a', id);
  await logged('hold.release', 'a', released);
  await scene.deps.db
    .insertInto('legal_hold')
    .values({
      ...{ id: kept, sealed: Buffer.from('x'), sealed_query: null, caught_up_to: null },
      ...{ placed_by: 'a', placed_at: NOW, released_by: null, released_at: null },
      sealed_release: null,
    })
    .execute();
  expect(await codesOf(holdsIntact)).toEqual([`HOLD_VANISHED ${lost}`]);
});

test('keys of an epoch are too old a year after its end, those of a day when nothing needs them', async () => {
  const keys = {
    ...scene.deps.sources.keys,
    epochs: async () => [
      { pool: 'basic' as const, epoch: '2026' },
      { pool: 'basic' as const, epoch: '2025.2' },
      { pool: 'core' as const, epoch: '2023' },
      { pool: 'quarantine' as const, epoch: '2026-11-27' },
      { pool: 'quarantine' as const, epoch: '2026-11-20' },
    ],
    view: async () => ({ due: ['escrow_missing' as const, 'rewrap' as const] }),
  };
  expect(await codesOf(keysAge, { keys })).toEqual([
    'EPOCH_OLD core-2023',
    'QUARANTINE_KEY_OLD quarantine-2026-11-20',
  ]);
  expect(await codesOf(keysEscrow, { keys })).toEqual(['ESCROW_MISSING escrow']);
});

test('witnesses that are not there are told; that they are late fails', async () => {
  expect(await codesOf(ledgerWitnesses)).toEqual(['NOT_WITNESSED ledger']);
  const witnesses = (at: Date | undefined) => () => ({ vkeys: ['k'], quorum: 1, witnessedAt: at });
  expect(await codesOf(ledgerWitnesses, { witnesses: witnesses(undefined) })).toEqual([
    'WITNESS_LATE ledger',
  ]);
  expect(await codesOf(ledgerWitnesses, { witnesses: witnesses(NOW) })).toEqual([]);
});

test('registers: empty, in date, past their review, ended; a country for each site', async () => {
  const by = { actor: { id: 'c', role: 'compliance' }, requestId: 'r1' };
  const entry = {
    ...{ kind: 'impact_assessment' as const, title: '影响评估', validFrom: '2026-01-01' },
    ...{ reviewBy: '2027-01-01', documentSha256: 'ab'.repeat(32) },
  };
  expect(await codesOf(registersImpact)).toEqual(['REGISTER_EMPTY impact_assessment']);
  const { id, title } = await addRegisterEntry(scene.deps, entry, by);
  expect([title, await codesOf(registersImpact)]).toEqual(['影响评估', []]);
  const old = await addRegisterEntry(scene.deps, { ...entry, reviewBy: '2026-06-01' }, by);
  expect(await codesOf(registersImpact)).toEqual([`REGISTER_OUT_OF_DATE ${old.id}`]);
  for (const one of [id, old.id]) await endRegisterEntry(scene.deps, one, by);
  expect(await codesOf(registersImpact)).toEqual(['REGISTER_EMPTY impact_assessment']);
  await expect(endRegisterEntry(scene.deps, id, by)).rejects.toMatchObject({
    code: 'REGISTER_UNKNOWN',
  });
  const country = { ...entry, kind: 'site_country' as const, subject: 'cloud' };
  await expect(addRegisterEntry(scene.deps, country, by)).rejects.toMatchObject({
    ...{ code: 'REGISTER_INVALID', field: 'body/country' },
  });
  await addRegisterEntry(scene.deps, { ...country, country: 'US' }, by);
  const site = (name: string): AuditSite => ({ ...NOWHERE, name });
  expect(await codesOf(registersSiteCountry, { sites: [site('hq'), site('cloud')] })).toEqual([
    ...['COUNTRY_MISSING hq', 'COUNTRY_ABROAD cloud'],
  ]);
});

const nothing = async () => {
  throw new TypeError('not in this scene');
};
async function* none(): AsyncGenerator<never> {
  yield* [];
}
const NOWHERE: AuditSite = {
  ...{ name: 'nowhere', readRange: nothing, stat: nothing, list: none, get: none },
};
