import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    cephFolder: string;
  }
}

/** A gateway of one's own to a Ceph of one node on the loopback: monitor, one OSD, RGW; Debian's packages. */
export interface Ceph {
  endpoint: string;
  /** A new user, with nothing but what it makes itself. */
  user(): { accessKeyId: string; secretAccessKey: string };
  /** Ends the gateway alone, at once, by its number. */
  killGateway(): Promise<void>;
  /** Starts it again; resolves when it answers. */
  startGateway(): Promise<void>;
}

const GATEWAY = 'client.rgw.a';
const NEEDED = [
  'ceph-mon',
  'ceph-osd',
  'radosgw',
  'radosgw-admin',
  'ceph',
  'ceph-authtool',
  'monmaptool',
];

/** The commands that are not installed; `npm test` installs their packages. */
export const missingForCeph = (): string[] =>
  NEEDED.filter(
    (name) => !(process.env['PATH'] ?? '').split(':').some((at) => existsSync(join(at, name))),
  );

const SHORT_MS = 100;
const READY_TRIES = 1_200;

/** A gateway to the Ceph of this run of tests, which is made by whoever asks first, and ends with the run. */
export async function openCeph(): Promise<Ceph> {
  const folder = inject('cephFolder');
  const ready = join(folder, 'ready');
  if (mkdirSync(folder, { recursive: true }) !== undefined) {
    makeCluster(folder, await freePorts(2));
    writeFileSync(ready, '');
  }
  // Made in another process, which may not be done.
  for (let tries = 0; !existsSync(ready); tries += 1) {
    if (tries === READY_TRIES) throw new Error(`Ceph is not ready in ${folder}`);
    await wait(SHORT_MS);
  }
  return openGateway(folder);
}

/** Ends what runs of the Ceph in that folder; nothing, where none was made. */
export async function endCeph(folder: string): Promise<void> {
  if (existsSync(join(folder, 'run'))) await endAll(join(folder, 'run'));
}

function makeCluster(folder: string, ports: readonly number[]): void {
  const missing = missingForCeph();
  if (missing.length > 0) throw new Error(`not installed for Ceph: ${missing.join(', ')}`);
  for (const name of ['mon', 'osd', 'rgw', 'run']) mkdirSync(join(folder, name));
  const keyring = join(folder, 'keyring');
  const [fsid, osdId] = [randomUUID(), randomUUID()];
  const [first, second] = ports;
  const addresses = `[v2:127.0.0.1:${first},v1:127.0.0.1:${second}]`;
  writeFileSync(join(folder, 'ceph.conf'), settings({ folder, fsid, keyring, addresses }));
  const run = (command: string, ...args: string[]) => runIn(folder, command, ...args);
  const caps = (name: string, ...given: string[]) => {
    const asked = given.flatMap((one) => ['--cap', ...split(one)]);
    run('ceph-authtool', keyring, '--gen-key', '-n', name, ...asked);
  };
  run('ceph-authtool', '-C', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  caps('client.admin', 'mon allow *', 'osd allow *', 'mgr allow *');
  caps('osd.0', 'mon allow profile osd', 'mgr allow profile osd', 'osd allow *');
  caps(GATEWAY, 'mon allow rw', 'osd allow rwx');
  const map = join(folder, 'monmap');
  run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', addresses, map);
  run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
  run('ceph-mon', '-i', 'a');
  run('ceph', 'osd', 'new', osdId);
  run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osdId);
  run('ceph-osd', '-i', '0');
}

async function openGateway(folder: string): Promise<Ceph> {
  const [port = 0] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const own = join(folder, 'run', `gateway-${port}`);
  const startGateway = async () => {
    const front = `--rgw-frontends=beast endpoint=127.0.0.1:${port}`;
    const files = [`--pid-file=${own}.pid`, `--admin-socket=${own}.asok`, `--log-file=${own}.log`];
    // In front and watched, so that it cannot be left behind unseen.
    const args = ['-n', GATEWAY, front, ...files];
    spawn('radosgw', args, { env: envOf(folder), stdio: 'ignore' }).unref();
    await answers(endpoint);
  };
  await startGateway();
  const user = () => {
    const name = randomUUID();
    const named = [`--uid=${name}`, `--display-name=${name}`];
    const text = runIn(folder, 'radosgw-admin', 'user', 'create', ...named);
    const made = JSON.parse(text) as { keys: { access_key: string; secret_key: string }[] };
    const [keys] = made.keys;
    if (keys === undefined) throw new Error('a user without keys');
    return { accessKeyId: keys.access_key, secretAccessKey: keys.secret_key };
  };
  const killGateway = () => endAll(join(folder, 'run'), `gateway-${port}.pid`);
  return { endpoint, user, killGateway, startGateway };
}

const envOf = (folder: string) => ({ ...process.env, CEPH_CONF: join(folder, 'ceph.conf') });

function runIn(folder: string, command: string, ...args: string[]): string {
  const asked = { env: envOf(folder), encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(command, args, asked);
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${stderr.slice(-500)}`);
  return stdout;
}

const split = (cap: string): [string, string] => {
  const at = cap.indexOf(' ');
  return [cap.slice(0, at), cap.slice(at + 1)];
};

const settings = (of: {
  folder: string;
  fsid: string;
  keyring: string;
  addresses: string;
}) => `[global]
fsid = ${of.fsid}
mon_host = ${of.addresses}
public_network = 127.0.0.0/8
keyring = ${of.keyring}
run_dir = ${of.folder}/run
admin_socket = ${of.folder}/run/$name.asok
pid_file = ${of.folder}/run/$name.pid
log_file = ${of.folder}/run/$name.log
mon_data = ${of.folder}/mon
osd_data = ${of.folder}/osd
rgw_data = ${of.folder}/rgw
mon_data_avail_crit = 1
mon_allow_pool_size_one = true
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_objectstore = bluestore
bluestore_block_size = 10737418240
osd_memory_target = 939524096
`;

async function answers(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(endpoint).catch(() => undefined);
    if (answer?.ok === true) return;
    await wait(SHORT_MS);
  }
  throw new Error('the gateway of Ceph does not answer');
}

/** Ends what was started here, or one of it, by the numbers that it wrote down itself. */
async function endAll(folder: string, only = '.pid'): Promise<void> {
  const pids = readdirSync(folder)
    .filter((name) => name.endsWith(only))
    .map((name) => Number(readFileSync(join(folder, name), 'utf8')))
    .filter((pid) => pid > 1);
  for (const pid of pids) end(pid, 'SIGKILL');
  for (let tries = 0; tries < 100 && pids.some((pid) => end(pid, 0)); tries += 1) await wait(50);
}

function end(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((done) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => done(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
