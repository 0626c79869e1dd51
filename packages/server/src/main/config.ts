import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ArchiveError } from '../core/errors.ts';
import { AUDIT_SETTINGS } from './audit-settings.ts';
import { DISPOSAL_SETTINGS } from './disposal-settings.ts';
import { NOTICE_SETTINGS, noticeProblems } from './notice-settings.ts';
import { SIGN_IN_SETTINGS } from './sign-in-settings.ts';
import { SITE_SETTINGS } from './site-settings.ts';
import { SUBJECT_SETTINGS } from './subject-settings.ts';
import { WITNESS_SETTINGS } from './witness-settings.ts';

const MIB = 1024 * 1024;
const bytes = (most: number) => z.coerce.number().int().min(1).max(most);
const repository = resolve(import.meta.dirname, '../../../..');

/** Every setting: its environment name, its check, and what it is for. The docs are made of this. */
export const SETTINGS = {
  data: {
    env: 'VOXKEEP_DATA',
    schema: z.string().min(1).default('./data').describe('a folder'),
    about: 'Folder of the archive: catalog, certificates, and what is not placed elsewhere.',
  },
  keys: {
    env: 'VOXKEEP_KEYS',
    schema: z.string().min(1).describe('a folder').optional(),
    about:
      'Key folder; never inside the data folder or a site. Default: ~/.voxkeep/keys/<archive id>.',
  },
  host: {
    env: 'VOXKEEP_HOST',
    schema: z.string().min(1).default('localhost').describe('a name or an address'),
    about: 'Address to listen on. `localhost` is this machine only; `0.0.0.0` is every network.',
  },
  port: {
    env: 'VOXKEEP_PORT',
    schema: z.coerce.number().int().min(0).max(65535).default(8443),
    about: 'HTTPS port. 0 takes a free one.',
  },
  hostNames: {
    env: 'VOXKEEP_HOST_NAMES',
    schema: z.string().default('localhost,127.0.0.1,::1').describe('names and addresses'),
    about: 'Names and addresses in the certificate, separated by commas.',
  },
  publicUrl: {
    env: 'VOXKEEP_PUBLIC_URL',
    schema: z
      .url({ protocol: /^https$/ })
      .describe('an https address')
      .optional(),
    about:
      'Where people reach the archive when a proxy stands before it; passkeys belong to this name, and mails link to it. Default: https, the names of the certificate, and the port.',
  },
  archiveName: {
    env: 'VOXKEEP_NAME',
    schema: z.string().min(1).max(40).default('留声 Voxkeep'),
    about: 'Shown at the top of every page.',
  },
  timeZone: {
    env: 'VOXKEEP_TIME_ZONE',
    schema: z
      .string()
      .default('Asia/Shanghai')
      .refine(isTimeZone, 'is not a time zone')
      .describe('a zone of the IANA list'),
    about: 'Zone of calendar days and months: searches by date, recency, retention.',
  },
  databaseUrl: {
    env: 'DATABASE_URL_FILE',
    schema: z.string().min(1).describe('a file').optional(),
    about:
      'File that holds the URL of a PostgreSQL of your own, 15 or newer. Default: the one npm brought.',
  },
  sites: {
    env: 'VOXKEEP_SITES',
    schema: z
      .string()
      .describe('one to three of hq=, branch=, cloud=, each with a folder')
      .optional(),
    about:
      'Folders of the three sites as `hq=DIR,branch=DIR,cloud=DIR`. Default: folders in the data folder.',
  },
  sitesFile: {
    env: 'VOXKEEP_SITES_FILE',
    schema: z.string().min(1).describe('a file').optional(),
    about:
      'YAML file of the three sites, folders or S3 buckets, with their limits; instead of `VOXKEEP_SITES`. See `config/sites.example.yaml`.',
  },
  ...SITE_SETTINGS,
  drop: {
    env: 'VOXKEEP_DROP',
    schema: z.string().describe('a folder').optional(),
    about:
      'Folder to watch for calls (media and sidecar .json). Default: `drop` in the data folder.',
  },
  dropSettleMs: {
    env: 'VOXKEEP_DROP_SETTLE_MS',
    schema: z.coerce.number().int().min(0).max(3_600_000).default(3000),
    about: 'For how long files in the drop folder must not have changed before they are taken.',
  },
  dropReportMinutes: {
    env: 'VOXKEEP_DROP_REPORT_MINUTES',
    schema: z.coerce.number().int().min(1).max(10_080).default(60),
    about: 'After how long a file in the drop folder that makes no call is reported.',
  },
  classification: {
    env: 'VOXKEEP_CLASSIFICATION',
    schema: z.string().default(join(repository, 'config/classification.yaml')).describe('a file'),
    about: 'Rules file for tier and issue type. Reloaded on SIGHUP.',
  },
  retention: {
    env: 'VOXKEEP_RETENTION',
    schema: z.string().default(join(repository, 'config/retention.yaml')).describe('a file'),
    about: 'Retention profiles.',
  },
  placement: {
    env: 'VOXKEEP_PLACEMENT',
    schema: z.string().default(join(repository, 'config/placement.yaml')).describe('a file'),
    about:
      'At which sites the copies of each pool lie, and when they come there. Changes count once they are applied (`voxkeep placement`).',
  },
  mediaBytes: {
    env: 'VOXKEEP_MAX_MEDIA_BYTES',
    schema: bytes(64 * 1024 * MIB).default(4096 * MIB),
    about: 'Largest media of one call.',
  },
  mediaMemoryBytes: {
    env: 'VOXKEEP_MEDIA_MEMORY_BYTES',
    schema: bytes(64 * 1024 * MIB).default(1024 * MIB),
    about:
      'Most memory (tmpfs) for a container that must be seekable, such as MP4 with its index last.',
  },
  workers: {
    env: 'VOXKEEP_WORKERS',
    schema: z.coerce.number().int().min(1).max(64).default(4),
    about: 'Records worked on at the same time.',
  },
  sensitiveOriginalDays: {
    env: 'VOXKEEP_SENSITIVE_ORIGINAL_DAYS',
    schema: z.coerce.number().int().min(0).max(3650).default(7),
    about: 'Days for which a sensitive original waits in quarantine before its key is destroyed.',
  },
  ...DISPOSAL_SETTINGS,
  ...SUBJECT_SETTINGS,
  ...AUDIT_SETTINGS,
  ...NOTICE_SETTINGS,
  ...SIGN_IN_SETTINGS,
  ...WITNESS_SETTINGS,
  crisisTeam: {
    env: 'VOXKEEP_CRISIS_TEAM',
    schema: z.string().min(1).max(64).default('危机处理组'),
    about: 'Team whose cases core records are at first; its members hand them on.',
  },
  logLevel: {
    env: 'VOXKEEP_LOG_LEVEL',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    about: 'Least severe event that is logged.',
  },
} as const;

type Name = keyof typeof SETTINGS;
export type RawConfig = { [N in Name]: z.output<(typeof SETTINGS)[N]['schema']> };
export type Config = Readonly<
  Omit<RawConfig, 'sites' | 'hostNames' | 'drop'> & {
    sites: Record<SiteName, string>;
    hostNames: string[];
    drop: string;
  }
>;

export const SITE_NAMES = ['hq', 'branch', 'cloud'] as const;
export type SiteName = (typeof SITE_NAMES)[number];

/**
 * Settings from command line, environment and a YAML file, in that order of precedence; frozen.
 * Throws CONFIG_INVALID that lists every problem at once, or CONFIG_UNREADABLE.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  options: { args?: Partial<Record<Name, string>>; fileText?: string; workFolder: string },
): Config {
  const file = readYaml(options.fileText);
  const problems: string[] = [];
  for (const name of Object.keys(file)) {
    if (!(name in SETTINGS)) problems.push(`${name}: is not a setting`);
  }
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const given = options.args?.[name as Name] ?? env[setting.env] ?? file[name];
    const parsed = setting.schema.safeParse(given === '' ? undefined : given);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name} (${setting.env}): ${parsed.error.issues[0]?.message ?? 'invalid'}`);
  }
  const raw = values as RawConfig;
  const place = (path: string) => absolute(path, options.workFolder);
  const data = place(raw.data ?? './data');
  const sites = siteFolders(raw.sites, data, place, problems);
  const drop = place(raw.drop ?? join(data, 'drop'));
  const within = (inner: string, outer: string) => `${inner}/`.startsWith(`${outer}/`);
  const ours = Object.values(sites);
  if ([data, ...ours].some((folder) => within(folder, drop)) || ours.some((s) => within(drop, s))) {
    problems.push(
      'drop (VOXKEEP_DROP): must neither hold the data folder or a site nor lie in one',
    );
  }
  const drillFolder = raw.drillFolder === undefined ? undefined : place(raw.drillFolder);
  if (drillFolder !== undefined && ours.some((site) => within(drillFolder, site))) {
    problems.push('drillFolder (VOXKEEP_DRILL_FOLDER): must not lie in a site');
  }
  if (raw.sites !== undefined && raw.sitesFile !== undefined) {
    problems.push(
      'sitesFile (VOXKEEP_SITES_FILE): stands in the place of sites; give one of the two',
    );
  }
  problems.push(...noticeProblems(raw));
  if (problems.length > 0) {
    const list = problems.join('; ');
    throw new ArchiveError('CONFIG_INVALID', `configuration: ${list}`);
  }
  return Object.freeze({
    ...raw,
    data,
    sites,
    ...(raw.keys === undefined ? {} : { keys: place(raw.keys) }),
    ...placed(raw, place),
    ...(raw.witnesses === undefined ? {} : { witnesses: place(raw.witnesses) }),
    drop,
    ...(drillFolder === undefined ? {} : { drillFolder }),
    hostNames: raw.hostNames.split(',').map((name) => name.trim()),
    ...(raw.sitesFile === undefined ? {} : { sitesFile: place(raw.sitesFile) }),
    ...(raw.signIn === undefined ? {} : { signIn: place(raw.signIn) }),
    classification: place(raw.classification),
    retention: place(raw.retention),
    placement: place(raw.placement),
  });
}

const NOTICE_FILES = [
  'webhookSecret',
  'webhookAuthority',
  'mailAuthority',
  'mailPassword',
] as const;

/** The files of what leaves the archive, from the folder in which the program was started. */
function placed(raw: RawConfig, place: (path: string) => string) {
  const given = NOTICE_FILES.flatMap((name) => {
    const path = raw[name];
    return path === undefined ? [] : [[name, place(path)] as const];
  });
  return Object.fromEntries(given) as Partial<Pick<RawConfig, (typeof NOTICE_FILES)[number]>>;
}

function readYaml(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const value: unknown = parse(text);
    if (value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new ArchiveError('CONFIG_UNREADABLE', `the configuration file is not YAML`, { cause });
  }
  throw new ArchiveError('CONFIG_UNREADABLE', 'the configuration file is not a list of settings');
}

function absolute(path: string, workFolder: string): string {
  const home = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  return isAbsolute(home) ? home : resolve(workFolder, home);
}

function siteFolders(
  text: string | undefined,
  data: string,
  place: (path: string) => string,
  problems: string[],
): Record<SiteName, string> {
  const folders: Record<SiteName, string> = {
    hq: join(data, 'sites/hq'),
    branch: join(data, 'sites/branch'),
    cloud: join(data, 'sites/cloud'),
  };
  for (const part of text?.split(',') ?? []) {
    const [name = '', folder = ''] = part.split('=').map((piece) => piece.trim());
    if (!(SITE_NAMES as readonly string[]).includes(name) || folder === '') {
      problems.push(`sites (VOXKEEP_SITES): "${name}" is not hq=, branch= or cloud= and a folder`);
    } else {
      folders[name as SiteName] = place(folder);
    }
  }
  return folders;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
