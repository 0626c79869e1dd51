import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../log/canonical-json.ts';
import { cosigner, withSignatures } from '../log/cosignature.ts';
import { noteSigner } from '../log/signed-note.ts';
import {
  type CertificateStatement,
  type CertifiedRecord,
  disposalDigest,
  encodeCertificate,
} from './certificate.ts';
import { CertificateError } from './certificate-error.ts';
import {
  ARCHIVE_ID,
  CertificateScene,
  factsOf,
  LOG,
  RUN_ID,
  recordId,
  runCertificate,
} from './certificate-scene.testing.ts';
import { verifyCertificate } from './verify-certificate.ts';

const { vkey } = LOG;
const codeOf = (text: string, keys: Parameters<typeof verifyCertificate>[1] = { vkey }) => {
  try {
    verifyCertificate(text, keys);
    return 'accepted';
  } catch (error) {
    if (error instanceof CertificateError) return error.code;
    throw error;
  }
};

/** Recorded as a statement of its own: what it says is committed to, whether it is true or not. */
async function certified(
  change: (record: CertifiedRecord, statement: CertificateStatement) => void,
): Promise<string> {
  const scene = new CertificateScene();
  const [id, facts] = [recordId(1), factsOf(recordId(1))];
  const digest = disposalDigest(facts);
  const exported = scene.act('record.export', id, { actor: { id: 'u-1', role: 'auditor' } });
  scene.act('record.export', id, { actor: { id: 'u-2', role: 'auditor' }, outcome: 'refused' });
  const done = scene.act('record.dispose', id, { detail: { digest } });
  const lockedUntil = '2031-01-01T00:00:00.000Z';
  const gone = scene.act('record.unreadable', id, { detail: { digest, lockedUntil } });
  const epoch = scene.act('key.epoch_gone', '2026', { detail: { epoch: '2026' } });
  const record: CertifiedRecord = {
    ...{ recordId: id, facts, digest, sites: [{ site: 'hq' }], unreadableAt: gone.at, lockedUntil },
    beyondOldCopiesFrom: epoch.at,
    received: [{ ...exported, account: 'u-1', role: 'auditor', act: 'export' }],
    entries: { disposed: done.entry, unreadable: gone.entry, epochGone: epoch.entry },
  };
  const statement: CertificateStatement = {
    ...{ archiveId: ARCHIVE_ID, log: LOG.name, of: 'record', count: 1 },
    ...{ run: { id: RUN_ID, alone: true }, records: [record] },
  };
  change(record, statement);
  const { received, entries } = record;
  const carried = [...Object.values(entries), ...received.map(({ entry }) => entry)].filter(
    (index) => index !== undefined,
  );
  return encodeCertificate(await scene.certify(statement, carried));
}

test('a certificate proves with the log’s key, and no other archive’s, what it says', async () => {
  const text = encodeCertificate(await runCertificate());
  const { statement, size } = verifyCertificate(text, { vkey });
  expect([statement.records.map((one) => one.recordId), size]).toEqual([
    [recordId(1), recordId(2)],
    14,
  ]);
  expect(await certified(() => undefined).then((own) => codeOf(own))).toBe('accepted');
  expect(codeOf(text, {})).toBe('accepted');
  const other = noteSigner(LOG.name, Buffer.alloc(32, 2)).vkey;
  expect(codeOf(text, { vkey: other })).toBe('CERTIFICATE_CHECKPOINT');
  expect(codeOf(text, { vkey: 'no key' })).toBe('CERTIFICATE_KEY');
});

test('no byte of a certificate can be another one', async () => {
  const good = Buffer.from(await certified(() => undefined));
  const codes = new Set<string>();
  const bend = (at: number, bit: number) => {
    const bent = Buffer.from(good);
    bent[at] = (bent[at] ?? 0) ^ (1 << bit);
    return codeOf(bent.toString('utf8'));
  };
  for (let at = 0; at < good.length; at += 2) codes.add(bend(at, at % 7));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const code = bend(at, bit);
      codes.add(code);
      return code !== 'accepted';
    }),
    { numRuns: 200 },
  );
  expect([...codes].sort()).toEqual([
    ...['CERTIFICATE_CHECKPOINT', 'CERTIFICATE_CLAIM', 'CERTIFICATE_DIGEST', 'CERTIFICATE_FORMAT'],
    ...['CERTIFICATE_KEY', 'CERTIFICATE_PROOF'],
  ]);
});

/** Every place in a JSON value that is no object and no list. */
function leavesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

function setAt(value: object, path: readonly (string | number)[], to: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length > 0) setAt(Reflect.get(value, name), rest, to);
  else if (to === undefined && Array.isArray(value)) value.splice(Number(name), 1);
  else Reflect.set(value, name, to);
}

test('no field can be another one, nor be gone, nor stand in another certificate', async () => {
  const good: object = JSON.parse(await certified(() => undefined));
  const leaves = leavesOf(good);
  const other = await runCertificate();
  for (const path of leaves) {
    for (const to of [undefined, 1, '2026-11-28T00:00:01.000Z', recordId(7)]) {
      const bent = structuredClone(good);
      setAt(bent, path, to);
      if (canonicalJson(bent) === canonicalJson(good)) continue;
      expect([path.join('/'), codeOf(`${canonicalJson(bent)}\n`)]).not.toContain('accepted');
    }
  }
  for (const part of ['statement', 'ledger'] as const) {
    const mixed = { ...good, [part]: other[part] };
    expect(codeOf(`${canonicalJson(mixed)}\n`)).not.toBe('accepted');
  }
});

test('a proof that was swapped with another entry’s is refused as one', async () => {
  const good = await runCertificate();
  const [first, second] = good.ledger.entries;
  const swapped = structuredClone(good);
  swapped.ledger.entries[0] = { ...good.ledger.entries[0], hashes: second?.hashes ?? [] } as never;
  expect(first?.hashes).not.toEqual(second?.hashes);
  expect(codeOf(encodeCertificate(swapped))).toBe('CERTIFICATE_PROOF');
  const turned = structuredClone(good);
  turned.ledger.entries.reverse();
  expect(codeOf(encodeCertificate(turned))).toBe('CERTIFICATE_PROOF');
});

test('a statement that the archive put on its ledger is refused where its entries say otherwise', async () => {
  const later = '2027-01-01T00:00:00.000Z';
  const lies: Record<string, (record: CertifiedRecord, statement: CertificateStatement) => void> = {
    'unreadable while a site is pending': (one) => void (one.sites = [{ site: 'hq', pending: 1 }]),
    'unreadable earlier': (one) => void (one.unreadableAt = '2026-11-27T00:00:00.000Z'),
    'gone, and no entry for it': (one) => {
      delete one.unreadableAt;
      delete one.entries.unreadable;
    },
    'locked for less long': (one) => void (one.lockedUntil = '2027-01-01T00:00:00.000Z'),
    'not locked': (one) => void delete one.lockedUntil,
    'beyond old copies before the epoch ended': (one) =>
      void (one.beyondOldCopiesFrom = '2026-11-27T00:00:00.000Z'),
    'beyond old copies without an entry': (one) => void delete one.entries.epochGone,
    'another who received it': (one) =>
      void (one.received[0] = { ...received(one), account: 'u-9' }),
    'a refused export as a received one': (one) =>
      void (one.received[0] = { ...received(one), entry: 1, account: 'u-2' }),
    'received twice': (one) => void one.received.push(received(one)),
    'approved by nobody': (_, statement) => void delete statement.run.alone,
    'approved by an entry that is none': (_, statement) => {
      delete statement.run.alone;
      statement.run.approvals = [{ entry: 0, at: later, account: 'u-1', role: 'approver' }];
    },
    'another run': (_, statement) => void (statement.run.id = recordId(5)),
    'more records than one': (_, statement) => void (statement.count = 2),
  };
  const codes = await Promise.all(
    Object.entries(lies).map(async ([name, lie]) => [name, codeOf(await certified(lie))]),
  );
  expect(codes).toEqual(Object.keys(lies).map((name) => [name, 'CERTIFICATE_CLAIM']));
});

const received = (record: CertifiedRecord) => {
  const [first] = record.received;
  if (first === undefined) throw new Error('nobody received it');
  return first;
};

test('what was there is what the entry of the disposal commits to', async () => {
  const bent = await certified((record) => void record.facts.objects.pop());
  expect(codeOf(bent)).toBe('CERTIFICATE_DIGEST');
});

test('what a later program adds to the facts is carried and committed to', async () => {
  const facts = { ...factsOf(recordId(1)), rows: { call: 1 }, added: { by: 'a later program' } };
  const text = canonicalJson(facts);
  expect(disposalDigest(facts)).toBe(`d${createHash('sha256').update(text).digest('hex')}`);
  const scene = new CertificateScene();
  const digest = disposalDigest(facts);
  const { entry } = scene.act('record.dispose', recordId(1), { detail: { digest } });
  const record = { recordId: recordId(1), facts, digest, sites: [{ site: 'hq', pending: 2 }] };
  const certificate = await scene.certify(
    {
      ...{ archiveId: ARCHIVE_ID, log: LOG.name, of: 'record', count: 1 },
      run: { id: RUN_ID, alone: true },
      records: [{ ...record, received: [], entries: { disposed: entry } }],
    },
    [entry],
  );
  expect(codeOf(encodeCertificate(certificate))).toBe('accepted');
});

test('a witness that was asked for has to have countersigned', async () => {
  const good = await runCertificate();
  const witness = cosigner('witness.test/a', Buffer.alloc(32, 8));
  const keys = { vkey, witnesses: [witness.vkey] };
  expect(codeOf(encodeCertificate(good), keys)).toBe('CERTIFICATE_CHECKPOINT');
  const text = `${good.ledger.checkpoint.split('\n\n')[0]}\n`;
  const line = witness.cosign(text, new Date('2026-11-28T01:00:00Z'));
  good.ledger.checkpoint = withSignatures(good.ledger.checkpoint, [line]);
  const proven = verifyCertificate(encodeCertificate(good), keys);
  expect(proven.cosigned).toEqual([{ name: 'witness.test/a', at: '2026-11-28T01:00:00.000Z' }]);
});
