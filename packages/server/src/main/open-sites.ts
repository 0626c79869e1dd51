import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { LedgerStore } from '../ledger/ports.ts';
import { limited, type SiteStore, sheltered } from '../place/index.ts';
import { directoryLedgerStore } from '../platform/objects/directory-ledger-store.ts';
import { openDirectorySite } from '../platform/objects/directory-site.ts';
import type { S3Service } from '../platform/objects/s3-place.ts';
import { openS3Site, type S3Layout } from '../platform/objects/s3-site.ts';
import { siteLedgerStore } from '../platform/objects/site-ledger-store.ts';
import type { Config } from './config.ts';
import { foldersAsSites, readSitesFile, type SiteEntry } from './sites-file.ts';

const MIB = 1024 * 1024;

/** The sites as they are configured. Rejects with CONFIG_UNREADABLE, CONFIG_INVALID. */
export async function readSites({ sites, sitesFile }: Config): Promise<SiteEntry[]> {
  if (sitesFile === undefined) return foldersAsSites(sites);
  const yaml = await readFile(sitesFile, 'utf8').catch((cause: unknown) => {
    throw new ArchiveError('CONFIG_UNREADABLE', `${sitesFile} cannot be read`, { cause });
  });
  return readSitesFile(yaml, { name: basename(sitesFile), folder: dirname(sitesFile) });
}

export interface OpenSite {
  store: SiteStore;
  ledger: LedgerStore;
}

/** Opens, or with `create` makes, the sites; each within its limits, and left alone while it is away. */
export async function openSites(
  entries: readonly SiteEntry[],
  options: SiteOptions,
): Promise<OpenSite[]> {
  return Promise.all(entries.map((entry) => openSite(entry, options)));
}

interface SiteOptions {
  archiveId: string;
  create: boolean;
  clock: Clock;
  random: Random;
  /** Nothing is to be written there: another process may be at work. */
  looking?: boolean;
}

export async function openSite(entry: SiteEntry, options: SiteOptions): Promise<OpenSite> {
  const { name, folder, s3, limits } = entry;
  const { archiveId, create, clock, random, looking = false } = options;
  const within = (store: SiteStore) => {
    const { mebibytesPerSecond: rate, atOnce } = limits;
    const bounds = { atOnce, ...(rate === undefined ? {} : { bytesPerSecond: rate * MIB }) };
    return sheltered(limited(store, bounds), { clock, random });
  };
  if (s3 === undefined) {
    const siteFolder = folder ?? '';
    const store = await openDirectorySite({
      ...{ name, folder: siteFolder, archiveId, create, looking },
    });
    return { store: within(store), ledger: directoryLedgerStore({ name, siteFolder }) };
  }
  const { service, layout } = await s3AccessOf(name, s3, limits.atOnce);
  const store = within(await openS3Site({ name, archiveId, create, service, layout }));
  return { store, ledger: siteLedgerStore(store) };
}

/** How a site's buckets are reached, and as whom. Rejects with CONFIG_UNREADABLE, CONFIG_INVALID. */
export async function s3AccessOf(
  name: string,
  s3: NonNullable<SiteEntry['s3']>,
  connections: number,
): Promise<{ service: S3Service; layout: S3Layout }> {
  const { endpoint, region, authorityFile } = s3;
  const authority =
    authorityFile && (await readFile(authorityFile, 'utf8').catch(unreadable(name, authorityFile)));
  const service = {
    ...{ endpoint, region, connections },
    ...(authority === undefined ? {} : { authority }),
  };
  const layout = {
    areas: await opened(name, s3.areas),
    envelopes: await opened(name, s3.envelopes),
  };
  return { service, layout };
}

type Places = S3Layout['areas'] | S3Layout['envelopes'];

async function opened<
  T extends Record<string, { bucket: string; prefix: string; credentialsFile: string }>,
>(site: string, places: T): Promise<{ [K in keyof T]: Places[keyof Places] }> {
  const all = await Promise.all(
    Object.entries(places).map(async ([key, { bucket, prefix, credentialsFile }]) => {
      return [
        key,
        { bucket, prefix, credentials: await readCredentials(site, credentialsFile) },
      ] as const;
    }),
  );
  return Object.fromEntries(all) as { [K in keyof T]: Places[keyof Places] };
}

const Credentials = z.strictObject({
  accessKeyId: z.string().min(1).max(200),
  secretAccessKey: z.string().min(1).max(500),
});

/** A JSON file that nobody else can read. Rejects with CONFIG_UNREADABLE, CONFIG_INVALID. */
async function readCredentials(site: string, file: string): Promise<z.infer<typeof Credentials>> {
  const { mode } = await stat(file).catch(unreadable(site, file));
  if ((mode & 0o077) !== 0) {
    throw new ArchiveError(
      'CONFIG_INVALID',
      `site ${site}: ${file} can be read by others: chmod 600`,
    );
  }
  const text = await readFile(file, 'utf8').catch(unreadable(site, file));
  try {
    return Credentials.parse(JSON.parse(text));
  } catch {
    const wanted = '{"accessKeyId":"…","secretAccessKey":"…"}';
    throw new ArchiveError('CONFIG_INVALID', `site ${site}: ${file} is not ${wanted}`);
  }
}

const unreadable = (site: string, file: string) => (cause: unknown) => {
  const message = `site ${site}: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`;
  throw new ArchiveError('CONFIG_UNREADABLE', message, { cause });
};
