import { setTimeout as wait } from 'node:timers/promises';
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { reachingS3 } from './s3-failure.ts';
import { failure } from './site-failure.ts';

const LOCKED_MS = 4000;

/**
 * Locks an object for some seconds and tries to delete it: a lock that a service only says it has would
 * be found out years later. Rejects with SITE_UNFIT when the object can be deleted.
 */
export async function probeLock(
  client: S3Client,
  probe: { site: string; bucket: string; key: string },
): Promise<void> {
  const { site, bucket, key } = probe;
  const at = { Bucket: bucket, Key: key };
  const until = new Date(Date.now() + LOCKED_MS);
  const put = new PutObjectCommand({
    ...{ ...at, Body: 'probe', ChecksumAlgorithm: 'CRC32' },
    ...{ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until },
  });
  const { VersionId } = await reachingS3(site, key, () => client.send(put));
  const version = new DeleteObjectCommand({ ...at, VersionId, BypassGovernanceRetention: true });
  const gone = await client.send(version).then(
    () => true,
    () => false,
  );
  if (gone) {
    throw failure('SITE_UNFIT', `bucket ${bucket} of site ${site} says it locks, but deletes`);
  }
  await wait(until.getTime() - Date.now() + 1000);
  // Left behind it does no harm; it is not locked any more.
  await client.send(version).catch(() => undefined);
}
