import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { createWitness, openWitness, trustLog } from './witness-folder.ts';
import { createWitnessServer } from './witness-server.ts';

interface RunOptions {
  folder: string;
  listen: string;
  tlsCert?: string;
  tlsKey?: string;
  tokenFile?: string;
}

/** `voxkeep witness`, and what makes its folder. */
export function witnessCommands(program: Command, run: Run): void {
  const witness = program
    .command('witness')
    .description('countersign checkpoints of a ledger, in a process and with a key of its own');

  witness
    .command('run', { isDefault: true })
    .description('serve C2SP tlog-witness')
    .requiredOption('--folder <dir>', 'the witness’s folder: its key and its memory')
    .option('--listen <host:port>', 'where to listen', '127.0.0.1:8446')
    .option('--tls-cert <file>', 'certificate chain (PEM); without one it is plain HTTP')
    .option('--tls-key <file>', 'private key of the certificate (PEM)')
    .option('--token-file <file>', 'file with a token that whoever asks has to bring')
    .action((options: RunOptions) => run.alone(() => serveWitness(options)));

  witness
    .command('init')
    .description('make a folder with a new key; prints the verifier key')
    .requiredOption('--folder <dir>', 'a folder that is not there, or empty')
    .requiredOption('--name <name>', 'name of the witness, such as witness.example/branch')
    .action(({ folder, name }: { folder: string; name: string }) =>
      run.alone(async ({ json }) => {
        const verifierKey = await createWitness(folder, name);
        run.print(json, { verifierKey }, () => [verifierKey]);
        return EXIT.ok;
      }),
    );

  witness
    .command('trust <key>')
    .description('let the witness countersign the log of that verifier key')
    .requiredOption('--folder <dir>', 'the witness’s folder')
    .action((key: string, { folder }: { folder: string }) =>
      run.alone(async ({ json }) => {
        const origin = await trustLog(folder, key);
        run.print(json, { origin }, () => [origin]);
        return EXIT.ok;
      }),
    );
}

/** Serves until it is told to stop. */
async function serveWitness(options: RunOptions): Promise<number> {
  const { host, port } = addressOf(options.listen);
  const tls = await tlsOf(options);
  const token =
    options.tokenFile === undefined
      ? undefined
      : (await readGiven(options.tokenFile)).toString('utf8').trim();
  if (token === '') throw new CommandError('TOKEN_EMPTY', 'the token is empty', EXIT.usage);
  const folder = await openWitness(options.folder);
  const say = (line: string) => void process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  const server = createWitnessServer(folder, { tls, token, say, now: () => new Date() });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, resolve);
    });
    const address = server.address();
    const shown = typeof address === 'object' && address !== null ? address.port : port;
    const scheme = tls === undefined ? 'http' : 'https';
    process.stdout.write(`witness ${folder.cosigner.name} at ${scheme}://${host}:${shown}\n`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return EXIT.ok;
  } catch (error) {
    throw new CommandError('LISTEN_FAILED', `${options.listen}: ${(error as Error).message}`);
  } finally {
    await folder.close();
  }
}

function addressOf(text: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^(\[[0-9a-f:]+\]|[^:]+):(\d{1,5})$/i.exec(text) ?? [];
  if (host === '' || Number(port) > 65_535) {
    throw new CommandError('ARGUMENT_INVALID', '--listen: HOST:PORT', EXIT.usage);
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

async function tlsOf({ tlsCert, tlsKey }: RunOptions) {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    const message = '--tls-cert and --tls-key belong together';
    throw new CommandError('ARGUMENT_INVALID', message, EXIT.usage);
  }
  return { cert: await readGiven(tlsCert), key: await readGiven(tlsKey) };
}

function readGiven(file: string): Promise<Buffer> {
  return readFile(file).catch(() => {
    throw new CommandError('FILE_UNREADABLE', `cannot read ${file}`, EXIT.usage);
  });
}
