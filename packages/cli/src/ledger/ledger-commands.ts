import type { Command } from 'commander';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Global, Run } from '../run.ts';
import { feedLog } from './feed.ts';
import { archiveSource, type LogSource, siteSource } from './log-source.ts';
import { proveFromArchive, proveFromSite, verifyProofFile, writeProof } from './prove.ts';
import { entryLine, type LedgerFilter, searchArchive, searchLog } from './search.ts';
import { stdoutSink } from './stdout-sink.ts';
import { syslogSink } from './syslog.ts';
import { type VerifyResult, verifyBatch, verifyLines, verifyOne } from './verify.ts';

const more = (value: string, before: string[]) => [...before, value];
const KEY = ['--key <vkey>', 'the log’s verifier key, from elsewhere than the site'] as const;
const SITE = ['--site <dir>', 'a site’s folder, read offline'] as const;

interface VerifyOptions {
  site: string[];
  key: string;
  against: string[];
  witness: string[];
  quorum?: string;
  strict: boolean;
  wait: string;
  batch?: string;
  tokenFile?: string;
}

/** `voxkeep ledger …`: the log verified, searched, proven and fed to others. */
export function ledgerCommands(program: Command, run: Run): void {
  const ledger = program.command('ledger').description('verify, search and prove the ledger');

  ledger
    .command('verify')
    .description('verify the ledger at a site, from its files and the given keys alone')
    .option('--site <dir>', 'a site’s folder; may be given again', more, [])
    .requiredOption(...KEY)
    .option('--against <where>', 'another site, an address, a checkpoint file; again', more, [])
    .option('--witness <vkey>', 'verifier key of a witness; may be given again', more, [])
    .option('--quorum <n>', 'cosignatures needed; default more than half of the witnesses')
    .option('--strict', 'also fail for what is only noticed', false)
    .option('--wait <s>', 'for how long a site that is behind may catch up', '3')
    .option('--token-file <file>', 'token for addresses of --against')
    .option('--batch <file>', 'verify what each line of JSON asks for; - is standard input')
    .action((options: VerifyOptions) => run.alone((global) => verify(options, global, run)));

  ledger
    .command('prove')
    .description('write a file that proves an entry without the archive')
    .requiredOption('--entry <n>', 'index of the entry', wholeNumber)
    .option('--out <file>', 'default: entry-N.tlog-proof')
    .option(...SITE)
    .option(...KEY)
    .action(async (options: { entry: number; out?: string; site?: string; key?: string }) => {
      const { entry, out = `entry-${entry}.tlog-proof`, site, key } = options;
      const write = async (file: string, { json }: Global) => {
        await writeProof(out, file);
        run.print(json, { file: out, entry }, () => [`entry ${entry} is proven by ${out}`]);
        return EXIT.ok;
      };
      if (site !== undefined) {
        return run.alone(async (global) =>
          write(await proveFromSite(await siteSource(site, key), entry), global),
        );
      }
      return run.connected(async (connection, global) => {
        await signIn(connection, global);
        return write(await proveFromArchive(connection, entry, key), global);
      });
    });

  ledger
    .command('verify-proof <file>')
    .description('verify such a file, offline')
    .requiredOption(...KEY)
    .option('--witness <vkey>', 'verifier key of a witness; may be given again', more, [])
    .option('--quorum <n>', 'cosignatures needed; default more than half of the witnesses')
    .action((file: string, options: { key: string; witness: string[]; quorum?: string }) =>
      run.alone(async ({ json }) => {
        const { key: vkey, witness: witnesses } = options;
        const quorum = quorumOf(options) ?? (witnesses.length > 0 ? majority(witnesses) : 0);
        const proven = await verifyProofFile(file, { vkey, witnesses, quorum });
        run.print(json, proven, () => [
          `entry ${proven.index} is in the log of ${proven.size}`,
          ...proven.cosigned.map(({ name, at }) => `countersigned by ${name} at ${at}`),
          JSON.stringify(proven.entry),
        ]);
        return EXIT.ok;
      }),
    );

  ledger
    .command('search')
    .description('find entries, newest first; filters combine with AND')
    .option('--actor <id>', 'who acted')
    .option('--record <id>', 'the record, or whatever else was acted on')
    .option('--action <name>', 'such as record.play, or record. for all of that kind')
    .option('--outcome <name>', 'ok, refused or failed')
    .option('--from <instant>', 'numbered at this instant or later')
    .option('--to <instant>', 'numbered before this instant')
    .option('--limit <n>', 'how many', wholeNumber, 50)
    .option(...SITE)
    .option(...KEY)
    .action(async (options: LedgerFilter & { limit: number; site?: string; key?: string }) => {
      const { limit, site, key, ...filter } = options;
      const show = (found: Awaited<ReturnType<typeof searchLog>>, { json }: Global) => {
        run.print(json, found, () => [
          ...found.entries.map(entryLine),
          `${found.entries.length} of a log of ${found.size} entries`,
        ]);
        return EXIT.ok;
      };
      if (site !== undefined) {
        return run.alone(async (global) =>
          show(await searchLog(await siteSource(site, key), filter, limit), global),
        );
      }
      return run.connected(async (connection, global) => {
        await signIn(connection, global);
        return show(await searchArchive(connection, filter, limit), global);
      });
    });

  ledger
    .command('feed')
    .description('give entries out in their order, as lines of JSON or CEF')
    .option('--format <name>', 'jsonl or cef', 'jsonl')
    .option('--from <index>', 'first entry', wholeNumber, 0)
    .option('--follow', 'wait for more', false)
    .option('--poll-ms <n>', 'how often to look for more', wholeNumber, 1000)
    .option('--state <file>', 'keeps the place; a feed with one goes on where it stopped')
    .option('--syslog <address>', 'tcp://HOST:PORT, tls://HOST:PORT or udp://HOST:PORT')
    .option('--syslog-ca <file>', 'authority of the receiver’s certificate (PEM)')
    .option(...SITE)
    .option(...KEY)
    .action(async (options: FeedCommand) => {
      const { site, key } = options;
      if (site !== undefined) {
        return run.alone(async () => feed(await siteSource(site, key), options));
      }
      return run.connected(async (connection, global) => {
        await signIn(connection, global);
        return feed(await archiveSource(connection, key), options);
      });
    });
}

interface FeedCommand {
  format: string;
  from: number;
  follow: boolean;
  pollMs: number;
  state?: string;
  syslog?: string;
  syslogCa?: string;
  site?: string;
  key?: string;
}

async function feed(source: LogSource, options: FeedCommand): Promise<number> {
  const { format, syslog, syslogCa, follow, from, pollMs } = options;
  if (format !== 'jsonl' && format !== 'cef') {
    throw new CommandError('ARGUMENT_INVALID', '--format: jsonl or cef', EXIT.usage);
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const sink = syslog === undefined ? stdoutSink() : await syslogSink(syslog, syslogCa);
  try {
    const more = { stateFile: options.state, signal: stop.signal };
    const { count, next } = await feedLog(source, sink, { format, follow, from, pollMs, ...more });
    process.stderr.write(`${count} entries; the next one is ${next}\n`);
    return EXIT.ok;
  } finally {
    await sink.close();
  }
}

async function verify(options: VerifyOptions, global: Global, run: Run): Promise<number> {
  const { site: sites, key, against, witness: witnesses, strict, batch, tokenFile } = options;
  const waitS = Number(options.wait);
  if (!(waitS >= 0)) throw new CommandError('ARGUMENT_INVALID', '--wait: seconds', EXIT.usage);
  const usual = { key, witnesses, quorum: quorumOf(options), strict, waitS };
  const access = { tokenFile, ca: global.ca };
  if (batch !== undefined) {
    const write = (line: string) => void process.stdout.write(`${line}\n`);
    return (await verifyBatch(batch, usual, access, write)) ? EXIT.ok : EXIT.unproven;
  }
  if (sites.length === 0) throw new CommandError('SITE_MISSING', 'give --site', EXIT.usage);
  const results: VerifyResult[] = [];
  for (const site of sites) results.push(await verifyOne({ ...usual, site, against }, access));
  run.print(global.json, { sites: results }, () =>
    results.flatMap((one) => verifyLines(one, strict)),
  );
  return results.every(({ ok }) => ok) ? EXIT.ok : EXIT.unproven;
}

/** As the key of --key-file, where there is one; else as --user, or the demo archive's auditor. */
async function signIn(connection: Connection, global: Global): Promise<void> {
  if (global.keyFile !== undefined) connection.useService();
  else await connection.signIn('auditor');
}

function quorumOf({ quorum }: { quorum?: string }): number | undefined {
  return quorum === undefined ? undefined : wholeNumber(quorum);
}

const majority = (witnesses: string[]) => Math.floor(witnesses.length / 2) + 1;

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CommandError('ARGUMENT_INVALID', `"${text.slice(0, 40)}" is no number`, EXIT.usage);
}
