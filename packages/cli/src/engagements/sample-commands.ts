import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { SamplesView, SampleView } from '@voxkeep/contract';
import type { Command } from 'commander';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { textOf } from '../verifier-key.ts';
import { sampleLines, samplesLines } from './sample-lines.ts';

interface Wanted {
  size: string;
  from: string;
  to: string;
  tier: string[];
  nonce: string;
}

/** Samples: asked for with a commitment, drawn by telling the nonce, proven by a file. */
export function sampleCommands(engagements: Command, { connected, print }: Run): void {
  const samples = engagements
    .command('samples')
    .description('samples by a seed that neither side chooses');
  const of = (id: string, sample?: string) =>
    `/engagements/${encodeURIComponent(id)}/samples${sample === undefined ? '' : `/${encodeURIComponent(sample)}`}`;

  const show = (work: (connection: Connection) => Promise<SampleView>) =>
    connected(async (connection, { json }) => {
      await connection.signIn('auditor');
      const found = await work(connection);
      print(json, found, () => sampleLines(found));
      return EXIT.ok;
    });

  samples
    .command('list <engagement>')
    .description('every sample of an engagement, those that were given up too')
    .action((id: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn('auditor');
        const found = await connection.json<SamplesView>('GET', of(id));
        print(json, found, () => samplesLines(found));
        return EXIT.ok;
      }),
    );

  samples
    .command('show <engagement> <sample>')
    .description('one sample with its calls')
    .action((id: string, sample: string) =>
      show((connection) => connection.json<SampleView>('GET', of(id, sample))),
    );

  samples
    .command('ask <engagement>')
    .description('ask for a sample; a nonce is made, kept in a file, and committed to')
    .requiredOption('--size <n>', 'how many calls')
    .requiredOption('--from <day>', 'first day of the calls')
    .requiredOption('--to <day>', 'last day of them')
    .requiredOption('--tier <tier...>', 'basic, core, sensitive')
    .requiredOption('--nonce <file>', 'where the nonce is written; show it to nobody before `draw`')
    .action((id: string, { size, from, to, tier, nonce: file }: Wanted) =>
      show(async (connection) => {
        const nonce = randomBytes(32);
        // Kept before it is committed to: without it nothing can be drawn.
        await writeNonce(file, nonce);
        const commitment = createHash('sha256').update(nonce).digest('hex');
        const calls = { from, to, tiers: tier };
        const json = { calls, size: Number(size), commitment };
        return connection.json<SampleView>('POST', of(id), { json });
      }),
    );

  samples
    .command('draw <engagement> <sample>')
    .description('tell the nonce, and draw the sample')
    .requiredOption('--nonce <file>', 'the file that `ask` wrote')
    .action((id: string, sample: string, { nonce }: { nonce: string }) =>
      show(async (connection) => {
        const json = { nonce: (await textOf(nonce)).trim() };
        return connection.json<SampleView>('POST', `${of(id, sample)}/draw`, { json });
      }),
    );

  samples
    .command('give-up <engagement> <sample>')
    .description('give up a sample that is not drawn; it stays in the list')
    .action((id: string, sample: string) =>
      show((connection) => connection.json<SampleView>('POST', `${of(id, sample)}/give-up`)),
    );

  for (const what of ['population', 'proof'] as const) {
    samples
      .command(`${what} <engagement> <sample>`)
      .description(
        what === 'proof'
          ? 'fetch the proof of a drawn sample; see verify sample'
          : 'fetch the ids that a sample is drawn from, one a line',
      )
      .requiredOption('--out <file>', 'where it is written')
      .action((id: string, sample: string, { out }: { out: string }) =>
        connected(async (connection, { json }) => {
          await connection.signIn('auditor');
          const { body } = await connection.send('GET', `${of(id, sample)}/${what}`);
          await writeFile(out, body, { mode: 0o600 });
          print(json, { file: out, bytes: body.length }, () => [`${out}  ${body.length} bytes`]);
          return EXIT.ok;
        }),
      );
  }
}

/** Rejects with FILE_EXISTS: another sample's nonce must not be lost. */
async function writeNonce(file: string, nonce: Buffer): Promise<void> {
  await writeFile(file, `${nonce.toString('hex')}\n`, { mode: 0o600, flag: 'wx' }).catch(() => {
    throw new CommandError('FILE_EXISTS', `${file} is there, or cannot be written`, EXIT.usage);
  });
}
