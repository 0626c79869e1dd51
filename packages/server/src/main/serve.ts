import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { issueSetupToken, makeDemoAccounts } from '../access/index.ts';
import { ArchiveError } from '../core/errors.ts';
import { createLog } from '../platform/log/logger.ts';
import { archiveSamples } from './archive-samples.ts';
import { loadConfig } from './config.ts';
import { type Archive, openArchive } from './open-archive.ts';

const HELP = `voxkeep serve [options]

  --data DIR      data folder (default ./data)
  --keys DIR      key folder (default ~/.voxkeep/keys/<archive id>)
  --host HOST     address to listen on (default localhost)
  --port N        HTTPS port (default 8443; 0 takes a free one)
  --config FILE   settings in YAML, see docs/configuration.md
  --empty         a new archive without the sample calls and demo accounts
`;
const SAMPLES = resolve(import.meta.dirname, '../../../../samples');

await main().catch((error: unknown) => {
  const known = error instanceof ArchiveError;
  const text = known ? `${error.code}: ${error.message}` : String((error as Error).stack ?? error);
  process.stderr.write(`voxkeep: ${text}\n`);
  process.exit(1);
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...{ data: { type: 'string' }, keys: { type: 'string' }, host: { type: 'string' } },
      ...{
        port: { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
      empty: { type: 'boolean', default: false },
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
  const archive = await openArchive(config, log);
  let closing = false;
  const close = (signal: string) => {
    if (closing) return;
    closing = true;
    process.stderr.write(`\nvoxkeep: ${signal}, closing …\n`);
    archive.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', () => close('SIGINT'));
  process.on('SIGTERM', () => close('SIGTERM'));
  process.on('SIGHUP', () => {
    archive.reloadRules().catch((error: unknown) => {
      const kind = error instanceof ArchiveError ? error.code : 'unknown';
      log.error('rules not reloaded; the old ones stay', { kind });
    });
  });
  const accountsFile = join(config.data, 'demo-accounts.json');
  const lines = [
    `地址 address       ${archive.url}`,
    `证书 fingerprint   ${archive.fingerprint}`,
    `CA 证书 authority  ${archive.authorityFile}`,
    `密钥 keys          ${archive.keyFolder}`,
  ];
  if (archive.created && !values.empty) {
    const accounts = await makeDemoAccounts(archive.signIn);
    await writeFile(accountsFile, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
    await loadSamples(archive);
  } else if (!existsSync(accountsFile)) {
    const token = await issueSetupToken(archive.signIn);
    if (token !== undefined) {
      lines.push(`首个管理员 first administrator, once: ${archive.url}/setup?token=${token}`);
    }
  }
  if (existsSync(accountsFile)) lines.push(`账号 accounts      ${accountsFile}`);
  process.stderr.write(`\n留声 Voxkeep\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
}

async function loadSamples(archive: Archive): Promise<void> {
  const terminal = process.stderr.isTTY === true;
  const result = await archiveSamples(archive, SAMPLES, ({ reached, total }) => {
    if (!terminal) return;
    const bars = Object.entries(reached).map(
      ([step, count]) => `${step} ${'█'.repeat(count)}${'░'.repeat(total - count)}`,
    );
    process.stderr.write(`${bars.join('\n')}\x1b[${bars.length - 1}A\r`);
  });
  if (terminal) process.stderr.write('\n'.repeat(Object.keys(result.reached).length));
  const { reached, total, quarantined } = result;
  process.stderr.write(
    `样例通话 sample calls: ${reached.archived} of ${total} archived, ${quarantined} in quarantine\n`,
  );
}
