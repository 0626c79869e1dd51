import type { EngagementsView, EngagementView } from '@voxkeep/contract';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { engagementLines, engagementsLines } from './engagement-lines.ts';
import { evidenceCommands } from './evidence-commands.ts';
import { externalFindingCommands } from './finding-commands.ts';
import { sampleCommands } from './sample-commands.ts';

interface Terms {
  firm: string;
  purpose: string;
  callsFrom: string;
  callsTo: string;
  tier: string[];
  check?: string[];
  from: string;
  until: string;
}

/** Outside auditors: their engagements, samples, questions for evidence, and findings. */
export function engagementCommands(program: Command, run: Run): void {
  const { connected, print } = run;
  const engagements = program
    .command('engagements')
    .description('outside auditors: engagements, samples, evidence, findings');

  /** One request as an officer, and the engagement as it is after it. */
  const act = (method: 'GET' | 'POST', path: string, body?: object) =>
    connected(async (connection, { json }) => {
      await connection.signIn('compliance');
      const given = body === undefined ? {} : { json: body };
      const found = await connection.json<EngagementView>(method, path, given);
      print(json, found, () => engagementLines(found));
      return EXIT.ok;
    });
  const of = (id: string) => `/engagements/${encodeURIComponent(id)}`;

  engagements
    .command('list')
    .description('engagements, the newest first; to an outside auditor, their own')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const found = await connection.json<EngagementsView>('GET', '/engagements');
        print(json, found, () => engagementsLines(found));
        return EXIT.ok;
      }),
    );

  engagements
    .command('show <id>')
    .description('the terms of one engagement, who opened and confirmed it, its auditors')
    .action((id: string) => act('GET', of(id)));

  engagements
    .command('open')
    .description('open an engagement; another officer has to confirm it')
    .requiredOption('--firm <name>', 'of the auditors; kept sealed')
    .requiredOption('--purpose <text>', 'what for; kept sealed')
    .requiredOption('--calls-from <day>', 'first day of the calls that are looked at')
    .requiredOption('--calls-to <day>', 'last day of them')
    .requiredOption('--tier <tier...>', 'basic, core, sensitive')
    .option('--check <id...>', 'checks of audits that are looked at; all without it')
    .requiredOption('--from <day>', 'first day of the engagement')
    .requiredOption('--until <day>', 'last day of it, at most ninety')
    .action(({ firm, purpose, callsFrom, callsTo, tier, check = [], from, until }: Terms) =>
      act('POST', '/engagements', {
        ...{ firm, purpose, checks: check, from, until },
        calls: { from: callsFrom, to: callsTo, tiers: tier },
      }),
    );

  engagements
    .command('confirm <id>')
    .description('confirm the text of an engagement, as another person than who opened it')
    .requiredOption('--commitment <hex>', 'of the text that you have read, from `show`')
    .action((id: string, body: { commitment: string }) => act('POST', `${of(id)}/confirm`, body));

  engagements
    .command('close <id>')
    .description('close an engagement: its accounts open nothing any more')
    .requiredOption('--reason <text>', 'why; kept sealed')
    .action((id: string, body: { reason: string }) => act('POST', `${of(id)}/close`, body));

  sampleCommands(engagements, run);
  evidenceCommands(engagements, run);
  externalFindingCommands(engagements, run);
}
