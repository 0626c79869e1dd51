import { CertificateError, encodeCertificate } from '@voxkeep/proof';
import { expect, test } from 'vitest';
import {
  LOG,
  recordId,
  runCertificate,
} from '../../../../../proof/src/disposal/certificate-scene.testing.ts';
import { certificatePaper } from './certificate-pdf.ts';

test('a certificate on paper says of each record what the file proves', async () => {
  const paper = certificatePaper(encodeCertificate(await runCertificate()), LOG.vkey);
  const text = JSON.stringify(paper);
  for (const said of [recordId(1), recordId(2), 'u-approver-2', 'u-auditor', 'finance-disputes']) {
    expect(text).toContain(said);
  }
  expect(text).not.toContain('not yet');
});

test('nothing is printed that does not verify', async () => {
  const bent = encodeCertificate(await runCertificate()).replace('"delete"', '"anonymise"');
  expect(() => certificatePaper(bent, LOG.vkey)).toThrow(CertificateError);
});
