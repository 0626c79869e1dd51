import { ArchiveError } from '../core/errors.ts';
import type { EnvelopeStore } from '../keys/index.ts';
import type { Pool } from '../record/vocabulary.ts';
import type { PlaceErrorCode, SiteStore } from './ports.ts';

export const objectKey = (id: string): string => `objects/${id.slice(-2)}/${id}.vko`;
export const envelopeKey = (id: string): string => `envelopes/${id.slice(-2)}/${id}.vke`;

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
      await Promise.all(names.map((name) => sites.named(name).put(pool, key, [bytes])));
    },
    async *read(pool, objectId) {
      for (const site of sites.all) {
        try {
          yield await readAll(site, pool, envelopeKey(objectId));
        } catch {
          // Missing here or not reachable: the next site may have it.
        }
      }
    },
    async destroy(pool, objectId) {
      await Promise.all(sites.all.map((site) => site.delete(pool, envelopeKey(objectId))));
    },
  };
}

export async function readAll(site: SiteStore, pool: Pool, key: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of site.get(pool, key)) parts.push(part);
  return Buffer.concat(parts);
}
