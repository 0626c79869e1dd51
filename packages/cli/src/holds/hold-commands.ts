import { readFile } from 'node:fs/promises';
import type { HoldPlaced, HoldsView, HoldView } from '@voxkeep/contract';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { holdLines, holdsLines, placedLines } from './hold-lines.ts';

/** Options of `hold place` that are no condition of its search. */
const OWN = new Set(['matter', 'reason', 'custodian', 'record', 'records']);

type Given = Record<string, string | string[] | undefined>;

/** Matters that freeze records: what is held, a new one, and a release. */
export function holdCommands(program: Command, { connected, print }: Run): void {
  const hold = program
    .command('hold')
    .description('legal holds: what is frozen for a matter, a new one, and a release');

  hold
    .command('list')
    .description('legal holds, newest first')
    .option('--state <state>', 'living, released or all', 'living')
    .option('--limit <n>', 'how many', '50')
    .option('--before <id>', 'goes on after the page that ended with this one')
    .action((options: Record<string, string>) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const query = new URLSearchParams(options);
        const found = await connection.json<HoldsView>('GET', `/holds?${query}`);
        print(json, found, () => holdsLines(found));
        return EXIT.ok;
      }),
    );

  hold
    .command('show <id>')
    .description('matter, reason, custodians, search and progress of one hold')
    .action((id: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const found = await connection.json<HoldView>('GET', `/holds/${encodeURIComponent(id)}`);
        print(json, found, () => holdLines(found));
        return EXIT.ok;
      }),
    );

  hold
    .command('place')
    .description('freeze chosen calls, or all that a search finds now and later, or both')
    .requiredOption('--matter <text>', 'what it is called')
    .requiredOption('--reason <text>', 'why')
    .option('--custodian <account...>', 'account ids of people who are told')
    .option('--record <id...>', 'calls')
    .option('--records <file>', 'file with an id of a call on each line')
    .option('--from <date>', 'search: from this day or instant on')
    .option('--to <date>', 'search: to the end of this day, or before this instant')
    .option('--phone <number>', 'search: whole number, last four, or 138****2641')
    .option('--agent <id...>', 'search: agent')
    .option('--team <id...>', 'search: team')
    .option('--issue <type...>', 'search: issue type')
    .option('--tier <tier...>', 'search: basic, core, sensitive')
    .option('--segment <name...>', 'search: customer segment')
    .option('--industry <name...>', 'search: industry')
    .option('--ticket <id>', 'search: ticket')
    .action((options: Given) =>
      connected(async (connection, { json }) => {
        const body = await bodyOf(options);
        await connection.signIn('compliance');
        const placed = await connection.json<HoldPlaced>('POST', '/holds', { json: body });
        print(json, placed, () => placedLines(placed));
        return placed.tooLate.length === 0 ? EXIT.ok : EXIT.partial;
      }),
    );

  hold
    .command('release <id>')
    .description('end a hold that somebody else has placed')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, { reason }: { reason: string }) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const path = `/holds/${encodeURIComponent(id)}/release`;
        const found = await connection.json<HoldView>('POST', path, { json: { reason } });
        print(json, found, () => holdLines(found));
        return EXIT.ok;
      }),
    );
}

async function bodyOf(options: Given): Promise<object> {
  const { matter, reason, custodian, record, records } = options;
  const listed = typeof records === 'string' ? await idsIn(records) : [];
  const recordIds = [...[record ?? []].flat(), ...listed];
  const search = Object.fromEntries(
    Object.entries(options)
      .filter(([name]) => !OWN.has(name))
      .map(([name, value]) => [name === 'issue' ? 'issueType' : name, value]),
  );
  return {
    ...{ matter, reason },
    ...(custodian === undefined ? {} : { custodians: [custodian].flat() }),
    ...(recordIds.length === 0 ? {} : { recordIds }),
    ...(Object.keys(search).length === 0 ? {} : { search }),
  };
}

async function idsIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError('FILE_UNREADABLE', `${file} cannot be read`, EXIT.usage);
  });
  return text.split(/\s+/).filter((line) => line !== '');
}
