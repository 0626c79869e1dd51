import { readFileSync } from 'node:fs';
import type {
  ClosureView,
  SubjectRecordsView,
  SubjectRequestDetail,
  SubjectRequestsView,
} from '@voxkeep/contract';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { closureLines, requestLines, requestsLines } from './subject-lines.ts';

/** What persons asked for, and accounts that were closed. */
export function subjectCommands(program: Command, { connected, print }: Run): void {
  const subject = program
    .command('subject')
    .description('what persons ask for: copies, corrections, erasures');

  subject
    .command('list')
    .description('requests, the newest first, and how many are due and overdue')
    .option('--due', 'those that are not answered, nearest deadline first', false)
    .option('--overdue', 'those whose deadline is over', false)
    .action((options: { due: boolean; overdue: boolean }) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const box = options.overdue ? 'overdue' : options.due ? 'due' : 'all';
        const path = `/subject-requests?box=${box}&limit=200`;
        const view = await connection.json<SubjectRequestsView>('GET', path);
        print(json, view, () => requestsLines(view));
        return view.counts.overdue > 0 ? EXIT.failed : EXIT.ok;
      }),
    );

  subject
    .command('show <id>')
    .description('one request, and when each of the person’s records goes and why')
    .action((id: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const path = `/subject-requests/${encodeURIComponent(id)}`;
        const request = await connection.json<SubjectRequestDetail>('GET', path);
        const { records, next } = await connection.json<SubjectRecordsView>(
          'GET',
          `${path}/records?limit=500`,
        );
        print(json, { request, records, ...(next === undefined ? {} : { next }) }, () =>
          requestLines(request, records, next !== undefined),
        );
        return EXIT.ok;
      }),
    );

  const closure = program
    .command('closure')
    .description('closed accounts, whose calls are restricted');

  closure
    .command('add <file>')
    .description('tell a closed account: a JSON file, or - for standard input; see docs/cli.md')
    .action((file: string) =>
      connected(async (connection, { json, keyFile }) => {
        const told = readClosure(file);
        if (keyFile === undefined) await connection.signIn('compliance');
        else connection.useService();
        const view = await connection.json<ClosureView>('POST', '/account-closures', {
          json: told,
        });
        print(json, view, () => closureLines(view));
        return EXIT.ok;
      }),
    );

  closure
    .command('show <reference>')
    .description('how far the restriction of its calls is')
    .action((reference: string) =>
      connected(async (connection, { json, keyFile }) => {
        if (keyFile === undefined) await connection.signIn('compliance');
        else connection.useService();
        const path = `/account-closures/${encodeURIComponent(reference)}`;
        const view = await connection.json<ClosureView>('GET', path);
        print(json, view, () => closureLines(view));
        return EXIT.ok;
      }),
    );
}

/** Accounts and numbers are in a file, so that no list of processes shows them. */
function readClosure(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw new CommandError('FILE_UNREADABLE', `cannot read ${file}`, EXIT.usage);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CommandError('ARGUMENTS_INVALID', `${file} is not JSON`, EXIT.usage);
  }
}
