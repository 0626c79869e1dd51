import type { EvidencesView, EvidenceView } from '@voxkeep/contract';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { evidenceLines } from './engagement-lines.ts';

interface Asked {
  wanted: string;
  due: string;
  record?: string[];
}

/** What auditors want to be shown, and what officers answer. */
export function evidenceCommands(engagements: Command, { connected, print }: Run): void {
  const evidence = engagements
    .command('evidence')
    .description('what auditors want to be shown, and the answers');
  const of = (id: string, one?: string) =>
    `/engagements/${encodeURIComponent(id)}/evidence${one === undefined ? '' : `/${encodeURIComponent(one)}`}`;

  const act = (role: string, path: string, body?: object) =>
    connected(async (connection, { json }) => {
      await connection.signIn(role);
      const given = body === undefined ? {} : { json: body };
      const found = await connection.json<EvidenceView>('POST', path, given);
      print(json, found, () => evidenceLines(found));
      return EXIT.ok;
    });

  evidence
    .command('list <engagement>')
    .description('every question, the newest first')
    .action((id: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const found = await connection.json<EvidencesView>('GET', of(id));
        print(json, found, () => found.evidence.flatMap(evidenceLines));
        return EXIT.ok;
      }),
    );

  evidence
    .command('ask <engagement>')
    .description('ask to be shown something by a day')
    .requiredOption('--wanted <text>', 'what; kept sealed')
    .requiredOption('--due <day>', 'by when')
    .option('--record <id...>', 'calls that it is about')
    .action((id: string, { wanted, due: dueOn, record: recordIds = [] }: Asked) =>
      act('auditor', of(id), { wanted, dueOn, recordIds }),
    );

  evidence
    .command('answer <engagement> <question>')
    .description('answer a question, and say what the answer rests on')
    .requiredOption('--answer <text>', 'kept sealed')
    .option('--see <reference...>', 'audit:ID, record:ID or entry:N')
    .action((id: string, one: string, { answer, see = [] }: { answer: string; see?: string[] }) =>
      act('compliance', `${of(id, one)}/answer`, { answer, references: see.map(referenceOf) }),
    );

  evidence
    .command('withdraw <engagement> <question>')
    .description('take a question back that is not answered')
    .action((id: string, one: string) => act('auditor', `${of(id, one)}/withdraw`));
}

function referenceOf(text: string): { kind: string; id: string } {
  const [, kind, id] = /^(audit|record|entry):(\S+)$/.exec(text) ?? [];
  if (kind !== undefined && id !== undefined) return { kind, id };
  throw new CommandError('USAGE', `${text} is not audit:ID, record:ID or entry:N`, EXIT.usage);
}
