import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { systemClock as clock } from '../core/clock.ts';
import { ArchiveError } from '../core/errors.ts';
import { systemRandom as random } from '../core/random.ts';
import {
  archiveOfKeys,
  confirmShare,
  createEscrowSet,
  escrowSets,
  keepEscrowSet,
  readShare,
  renewBundle,
  restoreKeyFolder,
} from '../keys/index.ts';
import { type Config, loadConfig } from './config.ts';
import { onOneDisk, showShares, type Terminal, typeShare, writeShares } from './hand-out-shares.ts';

const USAGE = 2;
const INVALID = 5;
const HELP = `voxkeep keys escrow [--threshold 3] [--shares 5] [--out FOLDER]...
voxkeep keys confirm [FILE]
voxkeep keys restore --shares FILE... --bundle FILE --to FOLDER

  On the archive's host, as the user whose key folder it is (restore: on any machine):
  --data DIR      data folder (default ./data)
  --keys DIR      key folder (default ~/.voxkeep/keys/<archive id>)
  --config FILE   settings in YAML
`;

type Values = Record<string, string | string[] | boolean | undefined>;

/** Ceremonies over a key folder, by whoever has the host; the archive may run meanwhile, or not. */
try {
  await main();
} catch (error) {
  const known = error instanceof ArchiveError;
  const { code, message } = error as NodeJS.ErrnoException;
  const isUsage = code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(`voxkeep: ${known ? `${error.code}: ` : ''}${message}\n`);
  process.exitCode = isUsage ? USAGE : known ? INVALID : 1;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ data: text, keys: text, config: text, bundle: text, to: text },
      ...{ threshold: text, shares: list, out: list },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [command, ...files] = positionals;
  if (command === 'escrow' && values.help !== true) return escrow(values);
  if (command === 'confirm' && values.help !== true) return confirm(values, files[0]);
  if (command === 'restore' && values.help !== true) return restore(values, files);
  process.stdout.write(HELP);
  if (values.help !== true) process.exitCode = USAGE;
}

async function escrow(values: Values): Promise<void> {
  const { folder, archiveId, config } = await ownKeys(values);
  const [count = '5'] = (values['shares'] as string[] | undefined) ?? [];
  const threshold = Number(values['threshold'] ?? '3');
  const { set, shares } = createEscrowSet({
    ...{ archiveId, threshold, shares: Number(count), clock, random },
    earlier: await escrowSets(folder),
  });
  const places = values['out'] as string[] | undefined;
  if (places === undefined) {
    const alone = new ArchiveError('SHARES_TOGETHER', 'without --out the shares need a terminal');
    await withTerminal((terminal) => showShares(shares, terminal), alone);
    const now = clock.now().toISOString();
    set.confirmedAt = shares.map(() => now);
  } else {
    // It brings the client of buckets, which no other ceremony needs.
    const { readSites } = await import('./open-sites.ts');
    const sites = (await readSites(config)).flatMap((site) => site.folder ?? []);
    const written = await writeShares(shares, places, [folder, config.data, ...sites]);
    process.stdout.write(`${written.join('\n')}\n`);
    if (await onOneDisk(places)) {
      const warning = '有几份在同一磁盘上 · some of these places are on one disk: part them now';
      process.stderr.write(`voxkeep: ${warning}\n`);
    }
  }
  for (const { value } of shares) value.fill(0);
  await keepEscrowSet(folder, set);
  await renewBundle({ folder, archiveId, clock, random });
  process.stdout.write(
    `托管组 set ${set.setId}: ${set.threshold} / ${set.shares}\n` +
      '档案库运行后一分钟内将密钥包送达各站点 · within a minute of running, the archive takes the bundle to every site: voxkeep keys status\n' +
      '请销毁旧份额 · destroy the shares of earlier sets\n',
  );
}

async function confirm(values: Values, file: string | undefined): Promise<void> {
  const { folder } = await ownKeys(values);
  const none = new ArchiveError('SHARE_UNREADABLE', 'give the file of the share, or a terminal');
  const share = readShare(
    file === undefined ? await withTerminal(typeShare, none) : await readText(file),
  );
  const { setId } = await confirmShare(folder, share, clock);
  process.stdout.write(`份额有效 share ${share.index} of set ${setId} is right\n`);
}

async function restore(values: Values, files: readonly string[]): Promise<void> {
  const { bundle, to } = values as { bundle?: string; to?: string };
  if (bundle === undefined || to === undefined) {
    process.stderr.write(`voxkeep: keys restore wants --bundle and --to\n${HELP}`);
    process.exitCode = USAGE;
    return;
  }
  const given = [...((values['shares'] as string[] | undefined) ?? []), ...files];
  const shares = await Promise.all(given.map(readText));
  try {
    const made = await restoreKeyFolder({ shares, bundle: await readBytes(bundle), folder: to });
    const { archiveId, setId, sealedAt, files: count } = made;
    process.stdout.write(
      `${to}: ${count} files, archive ${archiveId}, set ${setId}, as of ${sealedAt.toISOString()}\n`,
    );
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const at = /^shares\/(\d+)$/.exec(error.field ?? '')?.[1];
    const file = at === undefined ? undefined : given[Number(at)];
    throw new ArchiveError(error.code, `${file === undefined ? '' : `${file}: `}${error.message}`);
  }
}

/** The key folder of the archive that is configured. Rejects with KEYS_OTHER_OWNER, too. */
async function ownKeys(
  values: Values,
): Promise<{ folder: string; archiveId: string; config: Config }> {
  const { data, keys, config: file } = values as Record<string, string | undefined>;
  const config = loadConfig(process.env, {
    workFolder: process.cwd(),
    args: { ...(data === undefined ? {} : { data }), ...(keys === undefined ? {} : { keys }) },
    ...(file === undefined ? {} : { fileText: await readText(file) }),
  });
  const folder = config.keys ?? join(homedir(), '.voxkeep', 'keys', await archiveIn(config.data));
  const archiveId = await archiveOfKeys(folder);
  const { uid } = await stat(folder);
  if (process.getuid !== undefined && process.getuid() !== uid) {
    const message = `the key folder is that of user ${uid}: run this as that user`;
    throw new ArchiveError('KEYS_OTHER_OWNER', message);
  }
  return { folder, archiveId, config };
}

async function archiveIn(data: string): Promise<string> {
  const file = join(data, 'archive.json');
  if (!existsSync(file)) {
    throw new ArchiveError('KEYS_MISSING', `there is no archive in ${data}: --data, or --keys`);
  }
  return (JSON.parse(await readFile(file, 'utf8')) as { archiveId: string }).archiveId;
}

/** Rejects with `unless` when nobody sits before it, with CEREMONY_STOPPED when somebody stops it. */
async function withTerminal<T>(
  work: (terminal: Terminal) => Promise<T>,
  unless: ArchiveError,
): Promise<T> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw unless;
  const lines = createInterface({ input: process.stdin, output: process.stdout, historySize: 0 });
  const stop = new AbortController();
  lines.once('close', () => stop.abort());
  try {
    return await work({
      write: (written) => process.stdout.write(written),
      ask: (question) => lines.question(question, { signal: stop.signal }),
      clear: () => process.stdout.write('\x1b[H\x1b[2J\x1b[3J'),
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new ArchiveError('CEREMONY_STOPPED', 'stopped; nothing has changed', { cause: error });
  } finally {
    lines.close();
  }
}

async function readText(file: string): Promise<string> {
  return (await readBytes(file)).toString('utf8');
}

async function readBytes(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new ArchiveError('FILE_UNREADABLE', `${file} cannot be read`, { cause });
  });
}
