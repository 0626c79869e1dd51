export {
  type Approval,
  CERTIFICATE_FORMAT,
  type CertificateStatement,
  type CertifiedRecord,
  type CertifiedRun,
  type CertifiedSite,
  type DisposalCertificate,
  DisposalFacts,
  disposalDigest,
  encodeCertificate,
  FACTS_FORMAT,
  MOST_CERTIFIED,
  parseCertificate,
  type Received,
} from './certificate.ts';
export {
  CertificateError,
  type CertificateErrorCode,
  hasCertificateCode,
} from './certificate-error.ts';
export { type ProvenCertificate, verifyCertificate } from './verify-certificate.ts';
