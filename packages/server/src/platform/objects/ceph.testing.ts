import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A Ceph of one node with an S3 gateway on the loopback: monitor, one OSD, RGW; Debian's packages. */
export interface Ceph {
  endpoint: string;
  /** A user of the gateway, with nothing but what it makes itself. */
  user(name: string): { accessKeyId: string; secretAccessKey: string };
  /** Ends the gateway alone, at once, by its number. */
  killGateway(): Promise<void>;
  /** Starts it again; resolves when it answers. */
  startGateway(): Promise<void>;
  stop(): Promise<void>;
}

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

/** Resolves when the gateway answers, some 15 s later. */
export async function startCeph(): Promise<Ceph> {
  const missing = missingForCeph();
  if (missing.length > 0) throw new Error(`not installed for Ceph: ${missing.join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'voxkeep-ceph-'));
  for (const name of ['mon', 'osd', 'rgw', 'run']) mkdirSync(join(folder, name));
  const [first, second, port] = await freePorts();
  const conf = join(folder, 'ceph.conf');
  const keyring = join(folder, 'keyring');
  const [fsid, osdId] = [randomUUID(), randomUUID()];
  const addresses = `[v2:127.0.0.1:${first},v1:127.0.0.1:${second}]`;
  writeFileSync(conf, settings({ folder, fsid, keyring, addresses, port }));
  const env = { ...process.env, CEPH_CONF: conf };
  const run = (command: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args[0]}: ${stderr.slice(-500)}`);
    return stdout;
  };
  const caps = (name: string, ...given: string[]) =>
    run(
      'ceph-authtool',
      keyring,
      '--gen-key',
      '-n',
      name,
      ...given.flatMap((one) => ['--cap', ...split(one)]),
    );
  const stop = async () => {
    await endAll(join(folder, 'run'));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    run('ceph-authtool', '-C', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
    caps('client.admin', 'mon allow *', 'osd allow *', 'mgr allow *');
    caps('osd.0', 'mon allow profile osd', 'mgr allow profile osd', 'osd allow *');
    caps('client.rgw.a', 'mon allow rw', 'osd allow rwx');
    const map = join(folder, 'monmap');
    run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', addresses, map);
    run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
    run('ceph-mon', '-i', 'a');
    run('ceph', 'osd', 'new', osdId);
    run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osdId);
    run('ceph-osd', '-i', '0');
    const endpoint = `http://127.0.0.1:${port}`;
    const startGateway = async () => {
      // In front and watched, so that it cannot be left behind unseen.
      spawn('radosgw', ['-n', 'client.rgw.a'], { env, stdio: 'ignore' }).unref();
      await answers(endpoint);
    };
    const killGateway = () => endAll(join(folder, 'run'), 'client.rgw.a.pid');
    await startGateway();
    const user = (name: string) => {
      const text = run(
        'radosgw-admin',
        'user',
        'create',
        `--uid=${name}`,
        `--display-name=${name}`,
      );
      const made = JSON.parse(text) as { keys: { access_key: string; secret_key: string }[] };
      const [keys] = made.keys;
      if (keys === undefined) throw new Error('a user without keys');
      return { accessKeyId: keys.access_key, secretAccessKey: keys.secret_key };
    };
    return { endpoint, user, killGateway, startGateway, stop };
  } catch (error) {
    await stop();
    throw error;
  }
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
  port: number;
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
[client.rgw.a]
rgw_frontends = beast endpoint=127.0.0.1:${of.port}
`;

async function answers(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(endpoint).catch(() => undefined);
    if (answer?.ok === true) return;
    await wait(100);
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

async function freePorts(): Promise<[number, number, number]> {
  const servers = await Promise.all(
    [0, 1, 2].map(
      () =>
        new Promise<ReturnType<typeof createServer>>((done) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => done(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports as [number, number, number];
}
