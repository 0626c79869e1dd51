'use strict';
// What every command needs before TypeScript can run. Plain CommonJS for Node 20: at this point
// nothing is installed.
const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.voxkeep-lock.sha256');

function fail(message) {
  process.stderr.write(`voxkeep: ${message}\n`);
  process.exit(1);
}

function sha256OfFile(file) {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/** Runs `npm ci` when node_modules is missing or was made for another lock file. */
function ensureModules() {
  const wanted = sha256OfFile(path.join(root, 'package-lock.json'));
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  if (fs.existsSync(path.join(modules, '.package-lock.json')) && lockIsOlder()) {
    fs.writeFileSync(stamp, wanted);
    return;
  }
  process.stderr.write('voxkeep: installing npm packages (about a minute) …\n');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (done.status !== 0) fail('npm ci did not succeed; see its output above');
  fs.writeFileSync(stamp, wanted);
}

function lockIsOlder() {
  const installed = fs.statSync(path.join(modules, '.package-lock.json')).mtimeMs;
  return installed > fs.statSync(path.join(root, 'package-lock.json')).mtimeMs;
}

/** The Node ≥ 24 to run TypeScript with: the one from npm, or the one that runs this. */
function node24() {
  const own = path.join(modules, '.bin', 'node');
  const candidate = fs.existsSync(own) ? own : process.execPath;
  const version = spawnSync(candidate, ['--version'], { encoding: 'utf8' }).stdout || '';
  if (Number(/^v(\d+)/.exec(version)?.[1] ?? 0) < 24) {
    fail(
      `Node 24 or newer is needed and npm brought none for this machine; found ${version.trim()}`,
    );
  }
  return candidate;
}

function onPath(command) {
  return (process.env.PATH || '')
    .split(path.delimiter)
    .some((folder) => folder !== '' && fs.existsSync(path.join(folder, command)));
}

/**
 * Installs what is absent from Debian. `wanted` maps a command, or the path of a file, to its
 * package. Returns the packages that are still missing, after one line that says how to get them
 * unless `quiet`.
 */
function ensureDebian(wanted, { quiet = false } = {}) {
  const there = (key) => (key.startsWith('/') ? fs.existsSync(key) : onPath(key));
  const missing = Object.entries(wanted)
    .filter(([key]) => !there(key))
    .map(([, name]) => name);
  if (missing.length === 0) return [];
  const asRoot = process.getuid && process.getuid() === 0 ? [] : ['sudo', '-n'];
  const allowed =
    onPath('apt-get') && (asRoot.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0);
  if (allowed) {
    process.stderr.write(`voxkeep: installing ${missing.join(', ')} from Debian …\n`);
    // With no place for a configuration a PostgreSQL gets no cluster of Debian's own, and none is started.
    const settings = ['DEBIAN_FRONTEND=noninteractive', 'PG_CLUSTER_CONF_ROOT=/dev/null/none'];
    const apt = (args) => {
      const [command, ...rest] = [...asRoot, 'env', ...settings, 'apt-get', ...args];
      return spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
    };
    apt(['update', '-qq']);
    apt(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  }
  const still = Object.entries(wanted).filter(([key]) => !there(key));
  if (still.length > 0 && !quiet) {
    const names = still.map(([, name]) => name).join(' ');
    process.stderr.write(
      `voxkeep: not installed: ${names}. Install with: apt-get install ${names}\n`,
    );
  }
  return still.map(([, name]) => name);
}

/** Builds the browser part when its sources changed since the last build. */
function ensureWeb() {
  const web = path.join(root, 'packages', 'web');
  const hash = createHash('sha256');
  for (const file of filesUnder([
    path.join(web, 'src'),
    path.join(root, 'packages/contract/src'),
  ])) {
    hash.update(file).update(fs.readFileSync(file));
  }
  hash.update(fs.readFileSync(path.join(root, 'package-lock.json')));
  const wanted = hash.digest('hex');
  const mark = path.join(web, 'dist', '.source-sha256');
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted) return;
  process.stderr.write('voxkeep: building the browser part …\n');
  const vite = path.join(modules, 'vite', 'bin', 'vite.js');
  const done = spawnSync(node24(), [vite, 'build', web, '--logLevel', 'error'], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (done.status !== 0) fail('the browser part did not build; see above');
  fs.writeFileSync(mark, wanted);
}

function filesUnder(folders) {
  return folders
    .flatMap((folder) =>
      fs
        .readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)),
    )
    .sort();
}

function environment() {
  return {
    ...process.env,
    PATH: `${path.join(modules, '.bin')}${path.delimiter}${process.env.PATH}`,
  };
}

/** Runs a program under Node 24, hands signals on, and ends with its exit code. */
function runNode(args, { cwd = root } = {}) {
  const child = spawn(node24(), args, { cwd, env: environment(), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}

module.exports = {
  root,
  fail,
  ensureModules,
  ensureDebian,
  ensureWeb,
  node24,
  runNode,
  environment,
};
