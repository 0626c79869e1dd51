import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { checkYaml, describeProblems } from '../core/checked-yaml.ts';
import { ArchiveError } from '../core/errors.ts';
import { SITE_NAMES, type SiteName } from './config.ts';

const text = (most = 500) => z.string().min(1).max(most);
const Bucket = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket (3 to 63 of a-z 0-9 . -)');
const Prefix = z
  .string()
  .regex(/^([A-Za-z0-9][A-Za-z0-9._-]*\/)*$/, 'is neither empty nor a path that ends in /')
  .default('');
const Place = z.strictObject({ bucket: Bucket, prefix: Prefix, credentialsFile: text() });
const Areas = z.strictObject({
  basic: Place,
  core: Place,
  sensitive: Place,
  quarantine: Place,
  ledger: Place,
  journal: Place,
});
const Envelopes = z.strictObject({
  basic: Place,
  core: Place,
  sensitive: Place,
  quarantine: Place,
});
const Endpoint = z.url({ protocol: /^https?$/, error: 'is no http(s) address' });
const S3 = z.strictObject({
  endpoint: Endpoint,
  region: text(64).default('us-east-1'),
  /** PEM file of the authority of its certificate, where that is not a public one. */
  authorityFile: text().optional(),
  areas: Areas,
  envelopes: Envelopes,
});
const Limits = z.strictObject({
  /** Both ways together; nothing means no limit. */
  mebibytesPerSecond: z.number().positive().max(100_000).optional(),
  atOnce: z.number().int().min(1).max(256).default(32),
});
const Site = z
  .strictObject({
    name: z.enum(SITE_NAMES),
    folder: text().optional(),
    s3: S3.optional(),
    limits: Limits.default({ atOnce: 32 }),
  })
  .refine(({ folder, s3 }) => (folder === undefined) !== (s3 === undefined), {
    error: 'has either a folder or s3',
  });
const SitesFile = z.strictObject({ sites: z.array(Site).max(20) });

/** A site as it is configured; its files are absolute paths. */
export type SiteEntry = z.infer<typeof Site>;

/**
 * The sites of a sites file, in the order of `SITE_NAMES`. Paths in it are looked for beside it. Throws
 * CONFIG_INVALID with every problem at once, each with its line.
 */
export function readSitesFile(yaml: string, source: { name: string; folder: string }): SiteEntry[] {
  const { value, problems } = checkYaml(yaml, SitesFile, ({ sites }) => [
    ...SITE_NAMES.filter((name) => !sites.some((one) => one.name === name)).map((name) => ({
      path: ['sites'],
      message: `has no site ${name}`,
    })),
    ...sites.flatMap(({ name, s3 }, at) => [
      ...(sites.findIndex((one) => one.name === name) < at
        ? [{ path: ['sites', at, 'name'], message: 'is there twice' }]
        : []),
      ...(s3 === undefined ? [] : problemsOfS3(s3).map((one) => inSite(at, one))),
    ]),
  ]);
  if (value === undefined) {
    throw new ArchiveError('CONFIG_INVALID', describeProblems(source.name, problems));
  }
  const place = (path: string) => (isAbsolute(path) ? path : resolve(source.folder, path));
  return SITE_NAMES.flatMap((name) => {
    const site = value.sites.find((one) => one.name === name);
    return site === undefined ? [] : [placed(site, place)];
  });
}

type Problem = { path: (string | number)[]; message: string };
const inSite = (at: number, { path, message }: Problem): Problem => ({
  path: ['sites', at, 's3', ...path],
  message,
});

/** Plain HTTP only within the host; no two places in one. */
function problemsOfS3({ endpoint, areas, envelopes }: z.infer<typeof S3>): Problem[] {
  const problems: Problem[] = [];
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === 'http:' && !['127.0.0.1', '[::1]', 'localhost'].includes(hostname)) {
    problems.push({ path: ['endpoint'], message: 'has to be https:// beyond this host' });
  }
  const seen: { at: string; name: string }[] = [];
  for (const [kind, places] of Object.entries({ areas, envelopes })) {
    for (const [key, { bucket, prefix }] of Object.entries(places)) {
      const at = `${bucket}/${prefix}`;
      const other = seen.find((one) => one.at.startsWith(at) || at.startsWith(one.at));
      if (other !== undefined) {
        problems.push({ path: [kind, key], message: `lies in the place of ${other.name}` });
      }
      seen.push({ at, name: `${kind}/${key}` });
    }
  }
  return problems;
}

function placed(site: SiteEntry, place: (path: string) => string): SiteEntry {
  const { folder, s3 } = site;
  if (s3 === undefined)
    return { ...site, ...(folder === undefined ? {} : { folder: place(folder) }) };
  const at = (one: z.infer<typeof Place>) => ({
    ...one,
    credentialsFile: place(one.credentialsFile),
  });
  const all = <T extends Record<string, z.infer<typeof Place>>>(places: T) =>
    Object.fromEntries(Object.entries(places).map(([key, one]) => [key, at(one)])) as T;
  const { authorityFile, areas, envelopes } = s3;
  return {
    ...site,
    s3: {
      ...s3,
      ...{ areas: all(areas), envelopes: all(envelopes) },
      ...(authorityFile === undefined ? {} : { authorityFile: place(authorityFile) }),
    },
  };
}

/** The folders of the configuration, for archives without a sites file. */
export const foldersAsSites = (folders: Record<SiteName, string>): SiteEntry[] =>
  SITE_NAMES.map((name) => ({ name, folder: folders[name], limits: { atOnce: 32 } }));
