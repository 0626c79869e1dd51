import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectRetentionCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { hasCode } from '../../core/errors.ts';
import type { Area, SiteStore } from '../../place/ports.ts';
import type { Pool } from '../../record/vocabulary.ts';
import { reachingS3 } from './s3-failure.ts';
import { type Clients, openPlace, type Place, type S3Place, type S3Service } from './s3-place.ts';
import { failure } from './site-failure.ts';
import { assertKey } from './site-key.ts';

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const ENVELOPES = 'envelopes/';

/** Where an S3 site keeps what, each with credentials of its own. */
export interface S3Layout {
  areas: Readonly<Record<Area, S3Place>>;
  /** Unlocked and without versions: what is destroyed here has to be gone. */
  envelopes: Readonly<Record<Pool, S3Place>>;
}

/**
 * A site in buckets of any S3 service. Each place holds an identity object that says whose it is: one
 * of another archive or site, or with objects that are not ours, is refused with SITE_FOREIGN. `create`
 * makes the identity in an empty place, and tries there what the archive will rely on. Where a bucket has
 * Object Lock, `lock` is in COMPLIANCE mode. Rejects with SITE_UNFIT for a bucket whose area needs
 * it otherwise.
 */
export async function openS3Site(options: {
  name: string;
  archiveId: string;
  create: boolean;
  service: S3Service;
  layout: S3Layout;
}): Promise<SiteStore> {
  const { name, layout, ...rest } = options;
  const clients: Clients = new Map();
  const open = async <K extends string>(
    kind: string,
    places: Readonly<Record<K, S3Place>>,
    mustForget: (key: K) => boolean,
  ) => {
    const keys = Object.keys(places) as K[];
    const opened = await Promise.all(
      keys.map(async (key) => {
        const wanted = {
          ...rest,
          clients,
          site: name,
          part: `${kind}/${key}`,
          mustForget: mustForget(key),
        };
        return [key, await openPlace(places[key], wanted)] as const;
      }),
    );
    return new Map<string, Place>(opened);
  };
  const areas = await open('area', layout.areas, (area) => area === 'quarantine');
  const envelopes = await open('envelopes', layout.envelopes, () => true);

  const placeOf = (area: Area, key: string): Place => {
    assertKey(key);
    const place = (key.startsWith(ENVELOPES) ? envelopes : areas).get(area);
    if (place === undefined) throw failure('OBJECT_KEY_UNSAFE', `${area} has no envelopes`);
    return place;
  };
  const reaching = <T>(key: string, work: () => Promise<T>) => reachingS3(name, key, work);
  const nameOf = (area: Area, key: string) => {
    const { client, bucket, prefix } = placeOf(area, key);
    return { client, at: { Bucket: bucket, Key: prefix + key } };
  };

  return {
    name,
    async put(area, key, source, putOptions = {}) {
      const { expectedBytes } = putOptions;
      const { client, bucket, prefix } = placeOf(area, key);
      let sizeBytes = 0;
      async function* counted() {
        for await (const piece of source) {
          sizeBytes += piece.length;
          yield piece;
        }
        if (expectedBytes !== undefined && expectedBytes !== sizeBytes) {
          const message = `${key}: ${sizeBytes} of ${expectedBytes} bytes came`;
          throw failure('OBJECT_SIZE_WRONG', message);
        }
      }
      const upload = new Upload({
        client,
        params: {
          ...{ Bucket: bucket, Key: prefix + key },
          Body: Readable.from(counted(), { objectMode: false }),
        },
        ...{ partSize: PART_BYTES, queueSize: PARTS_AT_ONCE, leavePartsOnError: false },
      });
      await reaching(key, () => upload.done());
      return { sizeBytes };
    },

    async *get(area, key) {
      const { client, at } = nameOf(area, key);
      const answer = await reaching(key, () => client.send(new GetObjectCommand(at)));
      const pieces = (answer.Body as Readable)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const step = await reaching(key, () => pieces.next());
          if (step.done === true) return;
          yield step.value as Uint8Array;
        }
      } finally {
        (answer.Body as Readable).destroy();
      }
    },

    readRange: (area, key, offset, length) => {
      const { client, at } = nameOf(area, key);
      const Range = `bytes=${offset}-${offset + length - 1}`;
      return reaching(key, async () => {
        try {
          const answer = await client.send(new GetObjectCommand({ ...at, Range }));
          return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
        } catch (error) {
          if (isBeyondTheEnd(error)) return Buffer.alloc(0);
          throw error;
        }
      });
    },

    async stat(area, key) {
      const { client, at } = nameOf(area, key);
      try {
        const found = await reaching(key, () => client.send(new HeadObjectCommand(at)));
        const { ContentLength = 0, LastModified = new Date(0) } = found;
        return { sizeBytes: ContentLength, writtenAt: LastModified };
      } catch (error) {
        if (hasCode(error, 'OBJECT_MISSING')) return undefined;
        throw error;
      }
    },

    locks: (area) => areas.get(area)?.locks === true,

    async lock(area, key, until) {
      const { client, at } = nameOf(area, key);
      const { locks } = placeOf(area, key);
      await reaching(key, async () => {
        const found = await client.send(new HeadObjectCommand(at));
        const { VersionId, ObjectLockRetainUntilDate: before } = found;
        if (!locks || (before !== undefined && before >= until)) return;
        const Retention = { Mode: 'COMPLIANCE' as const, RetainUntilDate: until };
        const asked = { ...at, VersionId, Retention };
        // Without a checksum Amazon's S3 takes no retention.
        const command = new PutObjectRetentionCommand({ ...asked, ChecksumAlgorithm: 'CRC32' });
        await client.send(command);
      });
    },

    async delete(area, key) {
      const { client, at } = nameOf(area, key);
      const { locks } = placeOf(area, key);
      await reaching(key, async () => {
        if (!locks) {
          const { DeleteMarker } = await client.send(new DeleteObjectCommand(at));
          // It keeps versions, perhaps since lately: a marker alone would leave the bytes there for ever.
          if (DeleteMarker !== true) return;
        }
        const { Bucket, Key } = at;
        const listed = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
        const versions = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])];
        for (const { Key: found, VersionId } of versions) {
          if (found !== Key || VersionId === undefined) continue;
          await client.send(new DeleteObjectCommand({ ...at, VersionId })).catch(async (error) => {
            const until = await lockedUntil(client, { ...at, VersionId });
            if (until === undefined || until <= new Date()) throw error;
            const message = `${name} keeps ${key} until ${until.toISOString()}`;
            throw failure('OBJECT_LOCKED', message, error);
          });
        }
      });
    },

    async *list(area, prefix = '') {
      const all = prefix === '' && envelopes.has(area);
      const inEnvelopes = prefix.startsWith(ENVELOPES) && envelopes.has(area);
      const places = [
        ...(inEnvelopes ? [] : [areas.get(area)]),
        ...(all || inEnvelopes ? [envelopes.get(area)] : []),
      ];
      for (const place of places) {
        if (place !== undefined) yield* listPlace(name, place, prefix);
      }
    },

    async health() {
      try {
        for (const place of [...areas.values(), ...envelopes.values()]) await place.assertOurs();
        return { reachable: true };
      } catch (error) {
        const { code = 'SITE_UNREACHABLE' } = error as { code?: string };
        return { reachable: false, reason: code };
      }
    },
  };
}

async function* listPlace(
  site: string,
  { client, bucket, prefix: within, identityKey }: Place,
  prefix: string,
): AsyncGenerator<{ key: string; sizeBytes: number }> {
  const asked = { Bucket: bucket, Prefix: within + prefix };
  const pages = paginateListObjectsV2({ client }, asked)[Symbol.asyncIterator]();
  for (;;) {
    const step = await reachingS3(site, prefix, () => pages.next());
    if (step.done === true) return;
    for (const { Key = '', Size: sizeBytes = 0 } of step.value.Contents ?? []) {
      if (Key !== identityKey) yield { key: Key.slice(within.length), sizeBytes };
    }
  }
}

async function lockedUntil(
  client: Place['client'],
  version: { Bucket: string; Key: string; VersionId: string },
): Promise<Date | undefined> {
  const found = await client.send(new HeadObjectCommand(version)).catch(() => undefined);
  return found?.ObjectLockRetainUntilDate;
}

const isBeyondTheEnd = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 416;
