import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { issueSetupToken } from '../access/index.ts';
import { errorKind } from '../core/error-kind.ts';
import { ArchiveError } from '../core/errors.ts';
import { createLog } from '../platform/log/logger.ts';
import { type Config, loadConfig } from './config.ts';
import { fillArchive } from './first-start.ts';
import { lockAdministrators } from './lock-administrators.ts';
import { type Archive, openArchive } from './open-archive.ts';
import { reopenFounding } from './reopen-founding.ts';

const HELP = `voxkeep serve [options]

  --data DIR      data folder (default ./data)
  --keys DIR      key folder (default ~/.voxkeep/keys/<archive id>)
  --host HOST     address to listen on (default localhost)
  --port N        HTTPS port (default 8443; 0 takes a free one)
  --config FILE   settings in YAML, see docs/configuration.md
  --empty         a new archive without the sample calls and demo accounts
  --recover       locks every administrator, prints an address to make a new one, and lets the first
                  passkeys be confirmed by password again
  --succeed-log   lets the ledger go on under another name, where a witness has seen another history of
                  it than there is here: see docs/operations.md, Witnesses; refused otherwise
`;

let stopping: NodeJS.Signals | undefined;
let closed: Promise<void> | undefined;
let archive: Archive | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));

try {
  await main();
} catch (error) {
  // What was under way when the archive was closed could not but fail.
  if (stopping === undefined) fail(error);
  await (closed ?? process.exit(1));
}

/** Once, however often it is asked: a terminal sends the signal to every process of the start. */
function stop(signal: NodeJS.Signals): void {
  if (stopping !== undefined) return;
  stopping = signal;
  process.stderr.write(`\nvoxkeep: ${signal}, closing …\n`);
  // While it is opened, `main` closes it when it is open.
  if (archive !== undefined) close(archive);
}

function close(opened: Archive): void {
  closed ??= opened.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

function fail(error: unknown): never {
  process.stderr.write(`voxkeep: ${lineOf(error)}\n`);
  process.exit(1);
}

/** One line for what a person can mend; the place in the program only for what nobody expected. */
function lineOf(error: unknown): string {
  if (error instanceof ArchiveError) return `${error.code}: ${error.message}`;
  const { code, syscall, path, message, stack } = error as NodeJS.ErrnoException;
  if (code?.startsWith('ERR_PARSE_ARGS') === true) return `${message} (see --help)`;
  // What fails on an open file has no name.
  if (syscall !== undefined) return `${path ?? 'a file'}: cannot ${syscall} (${code})`;
  return String(stack ?? error);
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...{ data: text, keys: text, host: text, port: text, config: text },
      help: { type: 'boolean', short: 'h' },
      empty: { type: 'boolean', default: false },
      recover: { type: 'boolean', default: false },
      'succeed-log': { type: 'boolean', default: false },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const { data, keys, host, port } = values;
  const config = loadConfig(process.env, {
    workFolder: process.cwd(),
    args: {
      ...(data === undefined ? {} : { data }),
      ...(keys === undefined ? {} : { keys }),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    },
    ...(values.config === undefined ? {} : { fileText: await readFile(values.config, 'utf8') }),
  });
  const log = createLog(config.logLevel, process.stdout);
  const opened = await openArchive(config, log, {
    succeedLog: values['succeed-log'],
    say: (line) => void process.stderr.write(`voxkeep: ${line}\n`),
  });
  archive = opened;
  if (stopping !== undefined) {
    close(opened);
    return;
  }
  process.on('SIGHUP', () => {
    opened.reloadRules().then(
      () => process.stderr.write('voxkeep: rules read again\n'),
      (error: unknown) => {
        log.error('rules not reloaded; the old ones stay', { kind: errorKind(error) });
        // Whoever changed the file has to know where; a log line holds no free text.
        const where = error instanceof ArchiveError ? error.message : errorKind(error);
        process.stderr.write(`voxkeep: rules not reloaded, the old ones stay: ${where}\n`);
      },
    );
  });
  if (values.recover) {
    const { signIn, intake } = opened;
    await lockAdministrators({ ...signIn, audit: intake.audit });
    await reopenFounding({ ...opened, audit: intake.audit });
  }
  await greet(opened, config, values.empty);
}

/** What only a first start does, then where everything is. */
async function greet(opened: Archive, config: Config, empty: boolean): Promise<void> {
  if (opened.ffmpeg() === undefined) {
    process.stderr.write(
      'voxkeep: ffmpeg is not installed: WAV calls are archived, the others wait until it is. ' +
        'Install with: apt-get install ffmpeg\n',
    );
  }
  const accountsFile = join(config.data, 'demo-accounts.json');
  const lines = [
    `地址 address       ${opened.url}`,
    `证书 fingerprint   ${opened.fingerprint}`,
    `CA 证书 authority  ${opened.authorityFile}`,
    `密钥 keys          ${opened.keyFolder}`,
  ];
  if (opened.firstStart) {
    if (!empty) await fillArchive(opened, accountsFile);
    await opened.finishFirstStart();
  }
  if (existsSync(accountsFile)) lines.push(`账号 accounts      ${accountsFile}`);
  const token = await issueSetupToken(opened.signIn);
  if (token !== undefined) {
    lines.push(`首个管理员 first administrator, once: ${opened.url}/setup?token=${token}`);
  }
  process.stderr.write(`\n留声 Voxkeep\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
}
