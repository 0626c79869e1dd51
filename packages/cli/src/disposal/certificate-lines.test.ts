import type { CertifiedRecord, ProvenCertificate } from '@voxkeep/proof';
import { expect, test } from 'vitest';
import { certificateLines } from './certificate-lines.ts';

const ID = '0198a1b2-0000-7000-8000-000000000001';
const AT = '2026-11-28T00:00:00.000Z';

function proven(more: Partial<CertifiedRecord>): ProvenCertificate {
  const object = { id: ID, pool: 'core', sha256: 'ab'.repeat(32), copies: [] };
  const record: CertifiedRecord = {
    recordId: ID,
    facts: {
      ...{ format: 'voxkeep/disposal/v1', recordId: ID, runId: ID, disposedAt: AT, how: 'delete' },
      ...{ ground: 'policy', rule: 'calls', clause: '第十条', keepUntil: '2026-11-01' },
      epoch: '2026',
      objects: ['redacted', 'screenshot', 'screenshot'].map((purpose) => ({ ...object, purpose })),
    },
    ...{ digest: `d${'0'.repeat(64)}`, sites: [{ site: 'hq' }], received: [] },
    ...{ entries: { disposed: 3 }, ...more },
  };
  return {
    statement: {
      ...{ archiveId: ID, log: 'voxkeep/log', of: 'record', count: 1, records: [record] },
      run: { id: ID, alone: true },
    },
    ...{ certifiedAt: AT, verifierKey: 'voxkeep/log+00000000+AQ==', size: 9, cosigned: [] },
  };
}

test('a certificate says which sites have still to answer, and never that a record is gone before', () => {
  const sites = [{ site: 'cloud', pending: 3 }, { site: 'hq' }];
  const text = certificateLines(proven({ sites }), true).join('\n');
  expect(text).toContain('NOT YET UNREADABLE everywhere: cloud has still to answer');
  expect(text).toContain('cloud: keys of 3 objects STILL THERE');
  expect(text).toContain('may still open it: epoch 2026 is not gone');
  expect(text).not.toContain('since');
});

test('a certificate says what went, who had received it, and until when bytes are locked', () => {
  const received = { entry: 1, at: AT, account: 'u-1', role: 'auditor', act: 'export' as const };
  const locked = '2031-01-01T00:00:00.000Z';
  const more = { unreadableAt: AT, beyondOldCopiesFrom: AT, lockedUntil: locked };
  const lines = certificateLines(proven({ ...more, received: [received] }), true);
  expect(lines).toContain('  gone: 1 redacted, 2 screenshot');
  expect(lines).toContain(`  u-1 (auditor) had received it: export at ${AT}`);
  expect(lines).toContain(`  bytes that nobody can open are locked until ${locked}`);
  expect(lines).toContain(`  unreadable at all sites since ${AT}`);
});

test('whoever gives no key is told that none was compared', () => {
  expect(certificateLines(proven({}), false).join('\n')).toContain('NOT COMPARED WITH A KEY');
  expect(certificateLines(proven({}), true).join('\n')).not.toContain('NOT COMPARED');
});
