import { hasCertificateCode, noteSigner, verifyCertificate } from '@voxkeep/proof';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Audit } from '../../core/audit.ts';
import { hasCode } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { ARCHIVE_ID } from '../../intake/intake-scene.testing.ts';
import { ledgerAudit, type Sequencer, startSequencer } from '../../ledger/index.ts';
import { memoryStore } from '../../ledger/memory-store.testing.ts';
import { printPaper } from '../../platform/pdf/print-paper.ts';
import {
  type CertificateDeps,
  certificateOf,
  certificateOfRun,
  certificatePdf,
} from '../../retire/disposal/certificate/index.ts';
import { type DisposalScene, disposalScene, RUN, SITES } from './disposal-scene.testing.ts';
import { disposeRecord } from './dispose-record.ts';
import { settleDestructions } from './settle-destructions.ts';

const SEED = Buffer.alloc(32, 5);
const LOG = noteSigner(`voxkeep/${ARCHIVE_ID}`, SEED);
const COMPLIANCE = { actor: { id: 'u-compliance', role: 'compliance' }, requestId: 'req-1' };
let on: DisposalScene;
let id: RecordId;
let sequencer: Sequencer;
let audit: Audit;
let deps: CertificateDeps;

/** A record that may go today, and a real ledger beside the real catalog. */
beforeEach(async () => {
  on = await disposalScene();
  id = await on.archive('06-dispute');
  await on.term(id, { keepUntil: '2026-11-20' });
  const { db, pool } = on.scene.database;
  const { clock } = on.scene;
  const stores = SITES.map((site) => memoryStore(site));
  const log = { origin: LOG.name, signingKey: SEED };
  sequencer = await startSequencer({ ...log, db, pool, clock, stores });
  audit = ledgerAudit({ clock, sequencer });
  deps = { db, audit, archiveId: ARCHIVE_ID, siteNames: SITES, log: () => sequencer.log() };
});
afterEach(async () => {
  await sequencer.stop();
  await on.scene.close();
});

const note = async (action: string, resource: string, by = 'u-1', detail = {}) => {
  const entry = { actor: { id: by, role: 'auditor' }, action, resource, detail };
  const written = await deps.db
    .transaction()
    .execute((tx) => audit.append(tx, { ...entry, outcome: 'ok' }));
  return audit.settle(written.outboxId);
};

async function dispose(): Promise<void> {
  const done = await disposeRecord({ ...on.deps, audit }, id, { runId: RUN });
  if (done.state !== 'disposed' || done.outboxId === undefined) throw new Error('it was kept');
  await audit.settle(done.outboxId);
}

const settle = (site?: string) =>
  settleDestructions({ ...on.deps, audit }, site === undefined ? {} : { site });

const proven = async () => {
  const { text } = await certificateOf(deps, id, COMPLIANCE);
  const { statement } = verifyCertificate(text, { vkey: LOG.vkey });
  const [record] = statement.records;
  if (record === undefined) throw new Error('no record in it');
  return { text, statement, record };
};

test('the certificate of a record verifies at each stage, and promises none before it is reached', async () => {
  await note('record.export', id, 'u-auditor');
  await dispose();
  const first = (await proven()).record;
  expect(first.sites.map(({ site, pending }) => [site, (pending ?? 0) > 0])).toEqual([
    ...[['branch', true] as const, ['cloud', true] as const, ['hq', true] as const],
  ]);
  expect(first.unreadableAt).toBeUndefined();
  expect(first.received).toMatchObject([{ act: 'export', account: 'u-auditor' }]);
  expect(first.facts.objects.map(({ purpose }) => purpose)).toContain('redacted');

  await settle('hq');
  const [, , hq] = (await proven()).record.sites;
  expect(hq).toEqual({ site: 'hq', envelopesGoneAt: on.scene.clock.now().toISOString() });

  await settle();
  await note('key.epoch_gone', 'another-epoch');
  const settled = (await proven()).record;
  expect(settled.sites.every(({ pending, envelopesGoneAt }) => !pending && envelopesGoneAt)).toBe(
    true,
  );
  expect(settled.unreadableAt).toBeDefined();
  expect(settled.beyondOldCopiesFrom).toBeUndefined();

  await note('key.epoch_gone', settled.facts.epoch);
  const last = (await proven()).record;
  expect(last.beyondOldCopiesFrom).toBeDefined();
});

test('a certificate is on the ledger before it leaves, and holds in no other archive', async () => {
  await dispose();
  await settle();
  const { text, statement } = await proven();
  expect(statement.run).toEqual({ id: RUN, alone: true });
  const [row] = await deps.db
    .selectFrom('ledger_entry')
    .select(['actor_id', 'resource'])
    .where('action', '=', 'disposal.certify')
    .execute();
  expect(row).toEqual({ actor_id: 'u-compliance', resource: id });
  const other = noteSigner(LOG.name, Buffer.alloc(32, 6)).vkey;
  expect(() => verifyCertificate(text, { vkey: other })).toThrow(
    expect.objectContaining({ code: 'CERTIFICATE_CHECKPOINT' }),
  );
  const bent = text.replace('"how":"delete"', '"how":"anonymise"');
  expect(bent).not.toBe(text);
  try {
    verifyCertificate(bent, { vkey: LOG.vkey });
    expect.unreachable();
  } catch (error) {
    expect(hasCertificateCode(error, 'CERTIFICATE_DIGEST')).toBe(true);
  }
});

test('rows that were changed behind the ledger give no certificate', async () => {
  await dispose();
  await settle();
  await deps.db
    .updateTable('disposal')
    .set({ digest: `d${'0'.repeat(64)}` })
    .execute();
  await expect(certificateOf(deps, id, COMPLIANCE)).rejects.toSatisfy((error) =>
    hasCode(error, 'LEDGER_DAMAGED'),
  );
});

test('the certificate of a run names who approved with which key, and carries its records', async () => {
  const { db } = deps;
  const at = on.scene.clock.now();
  await db
    .insertInto('disposal_run')
    .values({
      ...{ id: RUN, kind: 'chosen', state: 'running', as_of: '2026-11-20', records: 1 },
      ...{ canonical: '{"format":"voxkeep/disposal/v1"}', proposed_by: 'u-compliance' },
      ...{ person: 'p', proposed_at: at, decide_by: at },
    })
    .execute();
  for (const one of ['a', 'b']) await note('disposal.approve', RUN, one, { passkey: `key-${one}` });
  await dispose();
  await settle();
  const { text, records, next } = await certificateOfRun(deps, RUN, undefined, COMPLIANCE);
  const { statement } = verifyCertificate(text, { vkey: LOG.vkey });
  expect([records, next, statement.of, statement.count]).toEqual([1, undefined, 'run', 1]);
  expect(statement.run).toMatchObject({
    ...{ kind: 'chosen', asOf: '2026-11-20', proposedBy: 'u-compliance' },
    approvals: [
      { account: 'a', keyId: 'key-a' },
      { account: 'b', keyId: 'key-b' },
    ],
  });
  expect(statement.records.map(({ recordId }) => recordId)).toEqual([id]);
  await expect(certificateOfRun(deps, RUN, id, COMPLIANCE)).rejects.toSatisfy((error) =>
    hasCode(error, 'RECORD_NOT_DISPOSED'),
  );
});

test('there is no certificate of a record that is there, nor of a run that never was', async () => {
  const codes = await Promise.allSettled([
    certificateOf(deps, id, COMPLIANCE),
    certificateOfRun(deps, RUN, undefined, COMPLIANCE),
  ]);
  expect(codes).toMatchObject([
    { reason: { code: 'RECORD_NOT_DISPOSED' } },
    { reason: { code: 'DISPOSAL_RUN_UNKNOWN' } },
  ]);
});

test('on paper it has its fonts within', async () => {
  await dispose();
  await settle();
  const { text } = await certificateOf(deps, id, COMPLIANCE);
  const pdf = await certificatePdf(printPaper, text, sequencer.log().verifierKey);
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.includes('/FontFile')).toBe(true);
});
