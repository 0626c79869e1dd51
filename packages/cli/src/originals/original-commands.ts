import type { AskedWaitsView, OriginalView } from '@voxkeep/contract';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { originalLines, waitsLines } from './original-lines.ts';

/** Until when sensitive originals are needed; a longer wait, asked for by one and granted by two others. */
export function originalCommands(program: Command, { connected, print }: Run): void {
  const originals = program
    .command('originals')
    .description('until when sensitive originals are needed, and who lets one wait for longer');

  /** One request as a role, and the original as it is after it. */
  const act = (role: string, method: 'GET' | 'POST', path: string, body?: object) =>
    connected(async (connection, { json }) => {
      await connection.signIn(role);
      const given = body === undefined ? {} : { json: body };
      const found = await connection.json<OriginalView>(method, path, given);
      print(json, found, () => originalLines(found));
      return EXIT.ok;
    });
  const ofRecord = (id: string) => `/records/${encodeURIComponent(id)}/original-wait`;
  const ofWait = (id: string, verb: string) => `/original-waits/${encodeURIComponent(id)}/${verb}`;

  originals
    .command('show <id>')
    .description('until when the original of a call is needed, and why')
    .action((id: string) => act('compliance', 'GET', ofRecord(id)));

  originals
    .command('ask <id>')
    .description('ask that the original of a call be kept until a day')
    .requiredOption('--until <day>', 'the first day on which it may go, as 2026-12-24')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, body: { until: string; reason: string }) =>
      act('compliance', 'POST', ofRecord(id), body),
    );

  originals
    .command('asked')
    .description('questions that wait for approvers')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn('approver');
        const found = await connection.json<AskedWaitsView>('GET', '/original-waits');
        print(json, found, () => waitsLines(found));
        return EXIT.ok;
      }),
    );

  originals
    .command('approve <wait>')
    .description('approve a question; the second person’s approval keeps the original')
    .action((id: string) => act('approver', 'POST', ofWait(id, 'approve'), {}));

  originals
    .command('reject <wait>')
    .description('reject a question; the original goes at its time')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, body: { reason: string }) =>
      act('approver', 'POST', ofWait(id, 'reject'), body),
    );
}
