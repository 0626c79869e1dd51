import { ArchiveError, hasCode } from '../core/errors.ts';
import type { EnvelopeStore } from '../keys/index.ts';
import type { Area, PlaceErrorCode, SiteStore } from './ports.ts';

/**
 * Ids begin with their time, so a folder holds what was made in the same 17 minutes: what is written
 * together lies together, and its folder is made durable once for many files.
 */
const folderOf = (id: string): string => `${id.slice(0, 4)}/${id.slice(4, 7)}`;
export const objectKey = (id: string): string => `objects/${folderOf(id)}/${id}.vko`;
export const envelopeKey = (id: string): string => `envelopes/${folderOf(id)}/${id}.vke`;

export const placeError = (
  code: PlaceErrorCode,
  message: string,
  options: { retry?: 'never' | 'later'; cause?: unknown } = {},
) => new ArchiveError<PlaceErrorCode>(code, message, options);

/** The sites by name, nearest first. */
export class SiteSet {
  readonly all: readonly SiteStore[];
  constructor(sites: readonly SiteStore[]) {
    this.all = sites;
  }
  /** Rejects with SITE_UNKNOWN. */
  named(name: string): SiteStore {
    const site = this.all.find((one) => one.name === name);
    if (site === undefined) throw placeError('SITE_UNKNOWN', `no site ${name} is configured`);
    return site;
  }
}

/** Envelopes at the sites of their pool. */
export function siteEnvelopes(sites: SiteSet): EnvelopeStore {
  return {
    async write(pool, objectId, bytes, names) {
      const key = envelopeKey(objectId);
      await all(names.map((name) => sites.named(name).put(pool, key, [bytes])));
    },
    async *read(pool, objectId) {
      let silent: unknown;
      for (const site of sites.all) {
        let bytes: Buffer;
        try {
          bytes = await readAll(site, pool, envelopeKey(objectId));
        } catch (error) {
          // Missing here or not reachable: the next site may have it.
          if (!hasCode(error, 'OBJECT_MISSING')) silent = error;
          continue;
        }
        yield bytes;
      }
      // A site that did not answer may hold it: nobody may take the envelope for lost.
      if (silent !== undefined) throw silent;
    },
    async destroy(pool, objectId) {
      await all(sites.all.map((site) => site.delete(pool, envelopeKey(objectId))));
    },
    async discard(pool, objectId, names) {
      const key = envelopeKey(objectId);
      await all(names.map((name) => sites.named(name).delete(pool, key, { unnoted: true })));
    },
  };
}

/** Waits for every one, then rejects with the first failure: nothing is under way afterwards. */
export async function all(work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

export async function readAll(site: SiteStore, area: Area, key: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of site.get(area, key)) parts.push(part);
  return Buffer.concat(parts);
}
