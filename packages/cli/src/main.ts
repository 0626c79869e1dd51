import type { RecordView, SearchResult, SystemStatus, TranscriptView } from '@voxkeep/contract';
import { Command, CommanderError } from 'commander';
import { auditCommands, registerCommands } from './audit/audit-commands.ts';
import { ingest, ingestText } from './commands/ingest.ts';
import { runServerProgram } from './commands/server-program.ts';
import { recordLines, searchLines } from './commands/show.ts';
import { Connection } from './connection.ts';
import { disposalCommands } from './disposal/disposal-commands.ts';
import { disposalRunCommands } from './disposal/run-commands.ts';
import { verifyCommands } from './disposal/verify-commands.ts';
import { drillCommands } from './drills/drill-commands.ts';
import { engagementCommands } from './engagements/engagement-commands.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import { holdCommands } from './holds/hold-commands.ts';
import { keysCommands } from './keys/keys-commands.ts';
import { ledgerCommands } from './ledger/ledger-commands.ts';
import { originalCommands } from './originals/original-commands.ts';
import { placementCommands } from './placement/placement-commands.ts';
import { retentionCommands } from './retention/retention-commands.ts';
import type { Global } from './run.ts';
import { sitesCommands } from './sites/sites-commands.ts';
import { subjectCommands } from './subjects/subject-commands.ts';
import { witnessCommands } from './witness/witness-commands.ts';

const program = new Command('voxkeep')
  .description('Voxkeep 留声: an archive for customer-service call records')
  .option(
    '--url <url>',
    'address of the archive',
    process.env.VOXKEEP_URL ?? 'https://localhost:8443',
  )
  .option('--data <folder>', 'data folder of an archive on this machine', './data')
  .option('--ca <file>', 'certificate authority of the archive (PEM)')
  .option('--key-file <file>', 'file with an API key, for ingest')
  .option('--user <name>', 'user name, for search, show and status')
  .option('--password-file <file>', 'file with the password of --user')
  .option('--code <digits>', 'code of the second factor of --user')
  .option('--json', 'print JSON', false)
  .exitOverride();

program
  .command('serve')
  .description('serve the archive (see serve --help)')
  .allowUnknownOption()
  .helpOption(false)
  .argument('[args...]')
  .action(async (args: string[]) =>
    end(await runServerProgram('serve', [...args, ...givenData()])),
  );

program
  .command('recover')
  .description('make an archive from one site that is left (see recover --help)')
  .allowUnknownOption()
  .helpOption(false)
  .argument('[args...]')
  .action(async (args: string[]) => {
    const { json } = globals();
    end(await runServerProgram('recover', [...args, ...givenData(), ...(json ? ['--json'] : [])]));
  });

program
  .command('explain <files...>')
  .description('a dry run: findings, tier, retention and the rule behind each; nothing is stored')
  .action(async (files: string[]) => {
    const { json } = globals();
    end(await runServerProgram('explain', [...files, ...(json ? ['--json'] : [])]));
  });

program
  .command('ingest <paths...>')
  .description('send calls: NAME.wav with NAME.json beside it, or NAME.vcon; folders are walked')
  .option('--wait', 'wait until every call is archived or in quarantine', false)
  .option('--remove', 'unlink the files of each call once it is archived (waits)', false)
  .action((paths: string[], options: { wait: boolean; remove: boolean }) =>
    connected(async (connection, { json }) => {
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      const progress = !json && process.stderr.isTTY === true;
      const result = await ingest(connection, paths, { ...options, progress, signal: stop.signal });
      const { lines, stopped } = result;
      print(json, { calls: lines, ...(stopped ? { stopped } : {}) }, () => [
        ...lines.map(ingestText),
        ...(stopped ? [`stopped: ${stopped.error} ${stopped.message}`] : []),
      ]);
      return result.exitCode;
    }),
  );

program
  .command('search')
  .description('find calls; filters combine with AND')
  .option('--from <date>', 'from this day or instant on')
  .option('--to <date>', 'to the end of this day, or before this instant')
  .option('--phone <number>', 'whole number, last four, or 138****2641')
  .option('--agent <id...>', 'agent')
  .option('--team <id...>', 'team')
  .option('--issue <type...>', 'issue type')
  .option('--tier <tier...>', 'basic, core, sensitive')
  .option('--channel <name>', 'voice or video')
  .option('--direction <name>', 'inbound or outbound')
  .option('--segment <name...>', 'customer segment')
  .option('--industry <name...>', 'industry')
  .option('--ticket <id>', 'ticket')
  .option('--min-duration-s <n>', 'at least so many seconds')
  .option('--max-duration-s <n>', 'at most so many seconds')
  .option('--text <words>', 'words of the transcript')
  .option('--limit <n>', 'how many', '20')
  .option('--cursor <text>', 'goes on after the page that gave it')
  .action((options: Record<string, string | string[]>) =>
    connected(async (connection, { json }) => {
      const { timeZone } = await connection.signIn();
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(options)) {
        for (const one of [value].flat()) query.append(name === 'issue' ? 'issueType' : name, one);
      }
      const result = await connection.json<SearchResult>('GET', `/records?${query}`);
      print(json, result, () => searchLines(result, timeZone));
      return EXIT.ok;
    }),
  );

program
  .command('show <id>')
  .description('one record with its redacted transcript')
  .action((id: string) =>
    connected(async (connection, { json }) => {
      const { timeZone } = await connection.signIn();
      const path = `/records/${encodeURIComponent(id)}`;
      const record = await connection.json<RecordView>('GET', path);
      const transcript = record.may.includes('read_transcript')
        ? await connection.json<TranscriptView>('GET', `${path}/transcript`)
        : undefined;
      print(json, { record, transcript }, () => recordLines(record, transcript, timeZone));
      return EXIT.ok;
    }),
  );

program
  .command('status')
  .description('records by state, sites, ledger')
  .action(() =>
    connected(async (connection, { json }) => {
      await connection.signIn();
      const status = await connection.json<SystemStatus>('GET', '/status');
      print(json, status, () => [
        `archive ${status.archiveId} · ${status.version}`,
        ...status.records.map((line) => `${line.state.padEnd(12)} ${line.count}`),
        ...status.sites.map(
          (site) =>
            `${site.name.padEnd(12)} ${site.reachable ? 'reachable' : 'NOT REACHABLE'}, ${site.objects} objects, ${site.pendingCopies} to come`,
        ),
        `ledger       ${status.ledger.size} entries, ${status.ledger.witnessed ? 'witnessed' : 'not independently witnessed'}`,
      ]);
      return EXIT.ok;
    }),
  );

const run = { connected, alone, givenData, print };
disposalCommands(program, run);
drillCommands(program, run);
disposalRunCommands(program, run);
holdCommands(program, run);
originalCommands(program, run);
auditCommands(program, run);
registerCommands(program, run);
engagementCommands(program, run);
keysCommands(program, run);
ledgerCommands(program, run);
placementCommands(program, run);
retentionCommands(program, run);
sitesCommands(program, run);
subjectCommands(program, run);
verifyCommands(program, run);
witnessCommands(program, run);

await program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) end(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  else fail(error);
});

/** What stands behind the command is taken for the program's own option before it gets there. */
function givenData(): string[] {
  return program.getOptionValueSource('data') === 'cli' ? ['--data', globals().data] : [];
}

function globals(): Global {
  return program.opts<Global>();
}

async function connected(
  work: (connection: Connection, options: Global) => Promise<number>,
): Promise<void> {
  const options = globals();
  let connection: Connection | undefined;
  try {
    connection = new Connection(options);
    end(await work(connection, options));
  } catch (error) {
    fail(error);
  } finally {
    connection?.close();
  }
}

async function alone(work: (options: Global) => Promise<number>): Promise<void> {
  try {
    end(await work(globals()));
  } catch (error) {
    fail(error);
  }
}

function print(json: boolean, value: unknown, lines: () => string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines().join('\n')}\n`);
}

function fail(error: unknown): void {
  const known = error instanceof CommandError;
  const code = known ? error.code : 'FAILED';
  const message = error instanceof Error ? error.message : String(error);
  if (globals().json) process.stdout.write(`${JSON.stringify({ error: code, message })}\n`);
  else process.stderr.write(`voxkeep: ${code}: ${message}\n`);
  end(known ? error.exitCode : EXIT.failed);
}

function end(code: number): void {
  process.exitCode = code;
}
