import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { AREAS, type Area } from '../../place/ports.ts';
import type { S3Layout } from './s3-site.ts';

export type CephKeys = { accessKeyId: string; secretAccessKey: string };
const POOLS = ['basic', 'core', 'sensitive', 'quarantine'] as const;

export const serviceOf = (endpoint: string) => ({
  ...{ endpoint, region: 'us-east-1', connections: 16 },
});
export const clientOf = (endpoint: string, credentials: CephKeys) =>
  new S3Client({ ...serviceOf(endpoint), credentials, forcePathStyle: true });

/** New buckets of a site's own; those of the tiers lock where it is asked for. */
export async function makeLayout(
  endpoint: string,
  { lock, keysOf }: { lock: boolean; keysOf: (area: Area) => CephKeys },
): Promise<S3Layout> {
  const stem = randomUUID().slice(0, 8);
  const place = async (kind: string, area: Area) => {
    const bucket = `${stem}-${kind}-${area}`;
    const locked = lock && kind === 'area' && ['basic', 'core', 'sensitive'].includes(area);
    await clientOf(endpoint, keysOf(area)).send(
      new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: locked }),
    );
    return [area, { bucket, prefix: '', credentials: keysOf(area) }] as const;
  };
  return {
    areas: Object.fromEntries(await Promise.all(AREAS.map((area) => place('area', area)))),
    envelopes: Object.fromEntries(await Promise.all(POOLS.map((pool) => place('keys', pool)))),
  } as unknown as S3Layout;
}
