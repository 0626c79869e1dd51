import type { ExternalFindingsView, ExternalFindingView } from '@voxkeep/contract';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { externalFindingLines } from './engagement-lines.ts';

interface Written {
  severity: string;
  about: string;
  text: string;
}

/** What outside auditors found wrong, until it is closed. */
export function externalFindingCommands(engagements: Command, { connected, print }: Run): void {
  const findings = engagements
    .command('findings')
    .description('what outside auditors found wrong, until it is closed');
  const of = (id: string, one?: string) =>
    `/engagements/${encodeURIComponent(id)}/findings${one === undefined ? '' : `/${encodeURIComponent(one)}`}`;

  const act = (role: string, path: string, json: object) =>
    connected(async (connection, options) => {
      await connection.signIn(role);
      const found = await connection.json<ExternalFindingView>('POST', path, { json });
      print(options.json, found, () => externalFindingLines(found));
      return EXIT.ok;
    });

  findings
    .command('list <engagement>')
    .description('every finding, the newest first; ends with 1 while one is overdue')
    .action((id: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const found = await connection.json<ExternalFindingsView>('GET', of(id));
        print(json, found, () => found.findings.flatMap(externalFindingLines));
        return found.findings.some(({ overdue }) => overdue) ? EXIT.failed : EXIT.ok;
      }),
    );

  findings
    .command('write <engagement>')
    .description('write down what is wrong')
    .requiredOption('--severity <severity>', 'low, medium, high or critical')
    .requiredOption('--about <thing>', 'engagement:ID, sample:ID, evidence:ID, record:ID, check:ID')
    .requiredOption('--text <text>', 'kept sealed')
    .action((id: string, { severity, about, text }: Written) =>
      act('auditor', of(id), { severity, text, about: aboutOf(about) }),
    );

  findings
    .command('accept <engagement> <finding>')
    .description('accept a finding, which is mended by a day')
    .requiredOption('--text <text>', 'what is done; kept sealed')
    .requiredOption('--due <day>', 'by when')
    .action((id: string, one: string, { text, due: dueOn }: { text: string; due: string }) =>
      act('compliance', `${of(id, one)}/answer`, { verdict: 'accepted', text, dueOn }),
    );

  findings
    .command('dispute <engagement> <finding>')
    .description('dispute a finding')
    .requiredOption('--text <text>', 'why; kept sealed')
    .action((id: string, one: string, { text }: { text: string }) =>
      act('compliance', `${of(id, one)}/answer`, { verdict: 'disputed', text }),
    );

  findings
    .command('close <engagement> <finding>')
    .description('close a finding, as its auditor; once the engagement is over, as another officer')
    .requiredOption('--text <text>', 'why; kept sealed')
    .option('--as <role>', 'auditor or compliance, on a demonstration archive', 'auditor')
    .action((id: string, one: string, { text, as: role }: { text: string; as: string }) =>
      act(role, `${of(id, one)}/close`, { text }),
    );
}

function aboutOf(text: string): { kind: string; id: string } {
  const [, kind, id] = /^(engagement|sample|evidence|record|check):(\S+)$/.exec(text) ?? [];
  if (kind !== undefined && id !== undefined) return { kind, id };
  throw new CommandError('USAGE', `${text} names no thing that a finding is about`, EXIT.usage);
}
