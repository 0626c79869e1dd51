import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Answer, Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';

/** `voxkeep disposal …`: what is gone, and the proof of it. */
export function disposalCommands(program: Command, { connected, print }: Run): void {
  const disposal = program
    .command('disposal')
    .description('what is due, what goes, and the proof of it');

  disposal
    .command('certificate <id>')
    .description('fetch the deletion certificate of a record, or with --run of a run')
    .option('--run', 'the id is a run’s; more than 1,000 records take further files', false)
    .option('--out <file>', 'default: disposal-ID.json')
    .action((id: string, { run, out }: { run: boolean; out?: string }) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const name = out ?? `disposal-${id}.json`;
        const path = run
          ? `/disposals/runs/${encodeURIComponent(id)}/certificate`
          : `/records/${encodeURIComponent(id)}/disposal/certificate`;
        const files = await fetchAll(connection, path, name);
        print(json, { files }, () => [
          ...files.map(({ file, records }) => `${file}: ${records} records`),
          `verify it anywhere: voxkeep verify certificate ${name} --key KEY`,
        ]);
        return EXIT.ok;
      }),
    );
}

interface Fetched {
  file: string;
  records: number;
}

/** Every document, each into a file that is not there yet. Rejects with FILE_EXISTS, FILE_UNWRITABLE. */
async function fetchAll(connection: Connection, path: string, name: string): Promise<Fetched[]> {
  const files: Fetched[] = [];
  for (let after: string | undefined; ; ) {
    const query = after === undefined ? '' : `?after=${after}`;
    const answer = await connection.send('GET', `${path}${query}`);
    const file = files.length === 0 ? name : further(name, files.length + 1);
    await writeNew(file, answer);
    files.push({ file, records: Number(answer.headers['x-voxkeep-record-count'] ?? 0) });
    const next = answer.headers['x-voxkeep-next'];
    if (typeof next !== 'string') return files;
    after = next;
  }
}

/** `NAME-2.json` of `NAME.json`. */
function further(name: string, number: number): string {
  return name.endsWith('.json')
    ? `${name.slice(0, -'.json'.length)}-${number}.json`
    : `${name}-${number}`;
}

async function writeNew(file: string, { body }: Answer): Promise<void> {
  try {
    await writeFile(file, body, { flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const code = exists ? 'FILE_EXISTS' : 'FILE_UNWRITABLE';
    throw new CommandError(code, `cannot write ${file}`, EXIT.usage);
  }
}
