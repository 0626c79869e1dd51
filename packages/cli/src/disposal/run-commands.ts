import { readFile } from 'node:fs/promises';
import type { DisposalRunsView, DisposalRunView, DueView } from '@voxkeep/contract';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { dueLines, runLines, runsLines } from './run-lines.ts';

const STEERING = {
  pause: 'pause a run after the record under way',
  resume: 'let a paused run go on',
  stop: 'stop a run for good; what is gone is gone',
} as const;

/** What is due, and the runs by which it goes; approvers sign on the page, where their passkeys are. */
export function disposalRunCommands(program: Command, { connected, print }: Run): void {
  const disposal =
    program.commands.find((one) => one.name() === 'disposal') ??
    program.command('disposal').description('what is due, what goes, and the proof of it');
  const ofRun = (id: string) => `/disposals/runs/${encodeURIComponent(id)}`;

  disposal
    .command('due')
    .description('what may go today, by why and by which rule')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const found = await connection.json<DueView>('GET', '/disposals/due');
        print(json, found, () => dueLines(found));
        return EXIT.ok;
      }),
    );

  disposal
    .command('propose')
    .description('propose what is due, or chosen calls; prints the list that approvers sign')
    .option('--record <id...>', 'calls')
    .option('--records <file>', 'file with an id of a call on each line')
    .action(({ record, records }: { record?: string[]; records?: string }) =>
      connected(async (connection, { json }) => {
        const chosen = [...(record ?? []), ...(records === undefined ? [] : await idsIn(records))];
        const given = record ?? records;
        await connection.signIn('compliance');
        const body = given === undefined ? {} : { recordIds: chosen };
        const made = await connection.json<DisposalRunView>('POST', '/disposals/runs', {
          json: body,
        });
        print(json, made, () => runLines(made));
        return EXIT.ok;
      }),
    );

  disposal
    .command('list')
    .description('runs, newest first')
    .option('--state <state>', 'proposed, approved, running, paused, done, refused or stopped')
    .action((options: Record<string, string>) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const query = new URLSearchParams(options);
        const found = await connection.json<DisposalRunsView>('GET', `/disposals/runs?${query}`);
        print(json, found, () => runsLines(found));
        return EXIT.ok;
      }),
    );

  disposal
    .command('show <run>')
    .description('how far a run is, who decided, what it kept')
    .option('--csv', 'its records, a line each', false)
    .action((id: string, { csv }: { csv: boolean }) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        if (csv) {
          const { body } = await connection.send('GET', `${ofRun(id)}/items.csv`);
          process.stdout.write(body);
          return EXIT.ok;
        }
        const found = await connection.json<DisposalRunView>('GET', ofRun(id));
        print(json, found, () => runLines(found));
        return EXIT.ok;
      }),
    );

  for (const [verb, says] of Object.entries(STEERING)) {
    disposal
      .command(`${verb} <run>`)
      .description(says)
      .action((id: string) =>
        connected(async (connection, { json }) => {
          await connection.signIn('compliance');
          const path = `${ofRun(id)}/${verb}`;
          const found = await connection.json<DisposalRunView>('POST', path, { json: {} });
          print(json, found, () => runLines(found));
          return EXIT.ok;
        }),
      );
  }
}

async function idsIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError('FILE_UNREADABLE', `${file} cannot be read`, EXIT.usage);
  });
  return text.split(/\s+/).filter((id) => id !== '');
}
