import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { hasCode } from '../../core/errors.ts';
import { reachingS3 } from './s3-failure.ts';
import { probeLock } from './s3-lock-probe.ts';
import { failure } from './site-failure.ts';

const IDENTITY = 'voxkeep-site.json';
const FORMAT = 'voxkeep/site/v1';
const ATTEMPTS = 4;
const CONNECT_MS = 5000;
const SILENCE_MS = 60_000;

/** How to reach the service. TLS is verified, against `authority` (PEM) where one is given. */
export interface S3Service {
  endpoint: string;
  region: string;
  authority?: string;
  connections: number;
}

/** A bucket, or a folder-like part of one, and who opens it. */
export interface S3Place {
  bucket: string;
  /** '' or a path that ends in '/'. */
  prefix: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** A place that was found to be ours. */
export interface Place {
  client: S3Client;
  bucket: string;
  prefix: string;
  identityKey: string;
  /** Object Lock holds here; it was tried. */
  locks: boolean;
  /** Rejects with SITE_FOREIGN or SITE_UNREACHABLE. */
  assertOurs(): Promise<void>;
}

export async function openPlace(
  place: S3Place,
  wanted: {
    archiveId: string;
    site: string;
    /** Which of the site's places. */
    part: string;
    create: boolean;
    /** What is deleted here has to be gone: no lock, no versions. */
    mustForget: boolean;
    service: S3Service;
    clients: Clients;
  },
): Promise<Place> {
  const { bucket, prefix } = place;
  const { archiveId, site, part, create, mustForget } = wanted;
  const client = clientOf(wanted.clients, wanted.service, place);
  const identityKey = prefix + IDENTITY;
  const reaching = <T>(work: () => Promise<T>) => reachingS3(site, bucket, work);
  const own = JSON.stringify({ format: FORMAT, archiveId, site, part });

  const read = async (): Promise<string | undefined> => {
    try {
      const asked = new GetObjectCommand({ Bucket: bucket, Key: identityKey });
      return await reaching(async () => (await client.send(asked)).Body?.transformToString());
    } catch (error) {
      if (hasCode(error, 'OBJECT_MISSING')) return undefined;
      throw error;
    }
  };
  const assertOurs = async () => {
    const found = await read();
    if (found === undefined) {
      const message = `bucket ${bucket} of site ${site} has no identity object`;
      throw failure('SITE_UNREACHABLE', message);
    }
    if (found.trim() !== own) {
      throw failure('SITE_FOREIGN', `bucket ${bucket} of site ${site} belongs to ${found.trim()}`);
    }
  };

  const locks = await reaching(() => hasLock(client, bucket));
  if (mustForget && (locks || (await reaching(() => hasVersions(client, bucket))))) {
    const message = `bucket ${bucket} of site ${site} (${part}) keeps what is deleted: it must have neither versions nor Object Lock`;
    throw failure('SITE_UNFIT', message);
  }
  if (create && (await read()) === undefined) {
    const asked = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
    const { KeyCount = 0 } = await reaching(() => client.send(asked));
    if (KeyCount > 0) {
      const message = `bucket ${bucket} of site ${site} holds objects that are not Voxkeep's`;
      throw failure('SITE_FOREIGN', message);
    }
    if (locks) await probeLock(client, { site, bucket, key: `${prefix}voxkeep-lock-probe` });
    const made = new PutObjectCommand({ Bucket: bucket, Key: identityKey, Body: `${own}\n` });
    await reaching(() => client.send(made));
  }
  await assertOurs();
  return { client, bucket, prefix, identityKey, locks, assertOurs };
}

/** The clients of a site: one for each pair of credentials, so that places share connections. */
export type Clients = Map<string, S3Client>;

/** The client for a place, made where the site has none for its credentials yet. */
export function clientOf(clients: Clients, service: S3Service, { credentials }: S3Place): S3Client {
  const { endpoint, region, authority, connections } = service;
  const name = JSON.stringify(credentials);
  const known = clients.get(name);
  if (known !== undefined) return known;
  const agent = { keepAlive: true, maxSockets: connections };
  const made = new S3Client({
    ...{ endpoint, region, credentials, forcePathStyle: true, maxAttempts: ATTEMPTS },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: SILENCE_MS,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent({
        ...{ ...agent, minVersion: 'TLSv1.2' as const, rejectUnauthorized: true },
        ...(authority === undefined ? {} : { ca: authority }),
      }),
    },
  });
  clients.set(name, made);
  return made;
}

async function hasLock(client: S3Client, bucket: string): Promise<boolean> {
  try {
    const asked = new GetObjectLockConfigurationCommand({ Bucket: bucket });
    const { ObjectLockConfiguration } = await client.send(asked);
    return ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  } catch (error) {
    const { name = '', $metadata } = error as {
      name?: string;
      $metadata?: { httpStatusCode?: number };
    };
    const none = ['ObjectLockConfigurationNotFoundError', 'NoSuchObjectLockConfiguration'];
    // Services that know nothing of it say so in several ways.
    const unknown = [400, 405, 409, 501].includes($metadata?.httpStatusCode ?? 0);
    if (none.includes(name) || ($metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket')) {
      return false;
    }
    if (unknown) return false;
    throw error;
  }
}

async function hasVersions(client: S3Client, bucket: string): Promise<boolean> {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  // Suspended keeps what it had.
  return Status !== undefined;
}
