import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { clientOf, type S3Place, type S3Service } from './s3-place.ts';

/** Whether a bucket encrypts by default what it takes; where it does not say, `unknown`. */
export async function bucketEncryption(
  service: S3Service,
  place: S3Place,
): Promise<{ encrypted: 'yes' | 'no' | 'unknown'; how: string }> {
  const client = clientOf(new Map(), service, place);
  try {
    const answer = await client.send(new GetBucketEncryptionCommand({ Bucket: place.bucket }));
    const rules = answer.ServerSideEncryptionConfiguration?.Rules ?? [];
    const by = rules.flatMap((rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? []);
    return by.length > 0 ? { encrypted: 'yes', how: 'sse' } : { encrypted: 'no', how: 'sse' };
  } catch (error) {
    const none =
      error instanceof Error && error.name === 'ServerSideEncryptionConfigurationNotFoundError';
    return { encrypted: none ? 'no' : 'unknown', how: 'sse' };
  } finally {
    client.destroy();
  }
}
