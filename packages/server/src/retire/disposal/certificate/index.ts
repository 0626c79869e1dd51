export { certificatePdf } from './certificate-pdf.ts';
export { certificateOf, certificateOfRun } from './issue-certificate.ts';
export type { CertificateDeps } from './ports.ts';
