import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import type { DisposalsPort } from '../ports.ts';
import { type ServeScene, serveScene } from '../serve-scene.testing.ts';

const GONE = '0198a1b2-0000-7000-8000-000000000001';
const TEXT = '{"format":"voxkeep/disposal-certificate/v1"}\n';
let scene: ServeScene;
const asked: unknown[] = [];
beforeAll(async () => {
  const unknown = () => Promise.reject(new ArchiveError('RECORD_NOT_DISPOSED', 'not it'));
  const disposals: Partial<DisposalsPort> = {
    certificate: (id) => (id === GONE ? Promise.resolve({ text: TEXT, records: 1 }) : unknown()),
    certificatePdf: async () => Buffer.from('%PDF-1.7'),
    runCertificate: async (...all) => {
      asked.push(all.slice(0, 2));
      return { text: TEXT, records: 1_000, next: GONE };
    },
  };
  scene = await serveScene({}, { deps: { disposals: disposals as DisposalsPort } });
});
afterAll(() => scene.close());

test('compliance, auditors and approvers get a certificate byte for byte, and nobody else', async () => {
  const path = `/api/v1/records/${GONE}/disposal/certificate`;
  for (const role of ['compliance', 'auditor', 'approver'] as const) {
    const answer = await scene.send('GET', path, await scene.person(role));
    expect([role, answer.status, answer.text]).toEqual([role, 200, TEXT]);
  }
  for (const role of ['qa', 'operator', 'admin', 'regulator'] as const) {
    const answer = await scene.send('GET', path, await scene.person(role));
    expect([role, answer.status]).toEqual([role, 403]);
  }
});

test('the certificate on paper leaves as a file, to the same people', async () => {
  const path = `/api/v1/records/${GONE}/disposal/certificate.pdf`;
  const { status, headers, text } = await scene.send('GET', path, await scene.person('compliance'));
  expect([status, headers['content-type'], text]).toEqual([200, 'application/pdf', '%PDF-1.7']);
  expect((await scene.send('GET', path, await scene.person('qa'))).status).toBe(403);
});

test('a run of many records is told where its next document begins', async () => {
  const path = `/api/v1/disposals/runs/${GONE}/certificate?after=${GONE}`;
  const { status, headers } = await scene.send('GET', path, await scene.person('compliance'));
  expect([status, headers['x-voxkeep-next'], headers['x-voxkeep-record-count']]).toEqual([
    ...[200, GONE, '1000'],
  ]);
  expect(asked).toEqual([[GONE, GONE]]);
});

test('what is no id has no certificate', async () => {
  const path = '/api/v1/records/nothing/disposal/certificate';
  const answer = await scene.send('GET', path, await scene.person('compliance'));
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([404, 'RECORD_NOT_DISPOSED']);
});
