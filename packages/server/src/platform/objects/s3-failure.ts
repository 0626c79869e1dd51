import { ArchiveError } from '../../core/errors.ts';
import type { PlaceErrorCode } from '../../place/ports.ts';
import { failure } from './site-failure.ts';

const MISSING = ['NoSuchKey', 'NotFound', 'NoSuchVersion'];
const FULL = ['QuotaExceeded', 'InsufficientStorage', 'InsufficientCapacity', 'XMinioStorageFull'];
const REFUSED = [
  ...['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'Forbidden'],
  ...['RequestTimeTooSkewed', 'ExpiredToken', 'InvalidToken'],
];

interface S3Error {
  name?: string;
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
  const said = error.Code ?? error.name ?? 'failed';
  if (said === 'NoSuchBucket') {
    return failure('SITE_UNREACHABLE', `a bucket of ${site} is not there`, error);
  }
  if (MISSING.includes(said) || status === 404) {
    return failure('OBJECT_MISSING', `${key} is not at ${site}`, error);
  }
  if (FULL.includes(said) || status === 507) {
    return failure('SITE_FULL', `${site} is full`, error);
  }
  if (REFUSED.includes(said) || status === 401 || status === 403) {
    return failure('SITE_REFUSED', `${site} refuses ${key} (${said})`, error);
  }
  return failure('SITE_UNREACHABLE', `${site} does not answer (${said})`, error);
}
