import { ArchiveError } from '../../core/errors.ts';
import type { PlaceErrorCode } from '../../place/ports.ts';
import { failure } from './site-failure.ts';

const MISSING = ['NoSuchKey', 'NotFound', 'NoSuchVersion'];
const FULL = ['QuotaExceeded', 'InsufficientStorage', 'InsufficientCapacity', 'XMinioStorageFull'];
const REFUSED = [
  ...['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'Forbidden'],
  ...['RequestTimeTooSkewed', 'ExpiredToken', 'InvalidToken'],
];

const UNKNOWN_AUTHORITY = 'its certificate is of no authority known here; see authorityFile';

/** What to look at first, by what the service or the network said. */
const REMEDIES: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'no such accessKeyId there; see the credentials file',
  SignatureDoesNotMatch: 'the secretAccessKey is another one; see the credentials file',
  AccessDenied: 'the credentials are known, but not allowed to; see the bucket’s policy',
  RequestTimeTooSkewed: 'this host’s clock is wrong; set it by NTP',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  CERT_UNTRUSTED: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has expired, or this host’s clock is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another host; see endpoint',
  EPROTO: 'it speaks no TLS there; see endpoint',
  ECONNREFUSED: 'nothing listens there; see endpoint',
  ENOTFOUND: 'its name is not known; see endpoint',
};

interface S3Error {
  name?: string;
  /** Of the network or of TLS. */
  code?: string;
  Code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** What an S3 service says, in the words of a site. An error of the archive's own passes. */
export async function reachingS3<T>(site: string, key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw asSiteFailure(site, key, error as S3Error);
  }
}

function asSiteFailure(site: string, key: string, error: S3Error): ArchiveError<PlaceErrorCode> {
  const { httpStatusCode: status } = error.$metadata ?? {};
  const said = error.Code ?? error.code ?? error.name ?? 'failed';
  const why = said in REMEDIES ? `${said}: ${REMEDIES[said]}` : said;
  if (said === 'NoSuchBucket') {
    return failure(
      'SITE_UNREACHABLE',
      `${site} has no bucket for ${key}; make it, or see the sites file`,
      error,
    );
  }
  if (MISSING.includes(said) || status === 404) {
    return failure('OBJECT_MISSING', `${key} is not at ${site}`, error);
  }
  if (FULL.includes(said) || status === 507) {
    return failure('SITE_FULL', `${site} is full`, error);
  }
  if (REFUSED.includes(said) || status === 401 || status === 403) {
    return failure('SITE_REFUSED', `${site} refuses ${key} (${why})`, error);
  }
  return failure('SITE_UNREACHABLE', `${site} does not answer (${why})`, error);
}
