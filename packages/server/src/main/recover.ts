import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ArchiveError } from '../core/errors.ts';
import { loadConfig } from './config.ts';
import { recoverArchive } from './recover/recover-archive.ts';
import { showProgress } from './recover/show-progress.ts';

const HELP = `voxkeep recover --from SITE --keys DIR [options]

Makes an archive in an empty data folder from one site that is left: ledger, catalog, and then the
copies at sites that begin anew. Broken off, the same command goes on. Afterwards: voxkeep serve.

  --from SITE     hq, branch or cloud: the site that is left, as the configuration has it
  --keys DIR      key folder of the archive (a copy, or what keys restore made of the shares)
  --shares FILE   an officer's share, once for each; makes the folder of --keys, with the bundle that lies
                  at the site
  --data DIR      empty data folder (default ./data)
  --config FILE   settings in YAML, see docs/configuration.md
  --standby       follow the site until SIGUSR1 (promote) and only then finish
  --json          print the report as JSON
`;

try {
  await main();
} catch (error) {
  const line = error instanceof ArchiveError ? `${error.code}: ${error.message}` : error;
  process.stderr.write(`voxkeep: ${line instanceof Error ? line.stack : line}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...{ from: text, data: text, keys: text, config: text },
      shares: { type: 'string', multiple: true },
      standby: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true || values.from === undefined) {
    process.stdout.write(HELP);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  const { data, keys, from } = values;
  const config = loadConfig(process.env, {
    workFolder: process.cwd(),
    args: { ...(data === undefined ? {} : { data }), ...(keys === undefined ? {} : { keys }) },
    ...(values.config === undefined ? {} : { fileText: await readFile(values.config, 'utf8') }),
  });
  const promoted = new Promise<void>((done) => process.once('SIGUSR1', () => done()));
  const progress = showProgress((line) => process.stderr.write(`${line}\n`));
  const report = await recoverArchive(config, {
    ...{ from, onStep: progress.step },
    ...(values.shares === undefined ? {} : { shares: values.shares }),
    ...(values.standby ? { standBy: promoted } : {}),
  });
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(`${progress.lines(report).join('\n')}\n`);
}
