import { readFile } from 'node:fs/promises';
import type {
  RecordRetention,
  RetentionApplied,
  RetentionPreview,
  RetentionRulesView,
} from '@voxkeep/contract';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { appliedLines, explainLines, previewLines, rulesLines } from './retention-lines.ts';

/** Until when records are kept and why, and what other rules would change. */
export function retentionCommands(program: Command, { connected, print }: Run): void {
  const retention = program
    .command('retention')
    .description('until when calls are kept, by which rule, and what other rules would change');

  retention
    .command('explain <id>')
    .description('until when a call is kept, which rule won, what else applied')
    .action((id: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const path = `/records/${encodeURIComponent(id)}/retention`;
        const found = await connection.json<RecordRetention>('GET', path);
        print(json, found, () => explainLines(found));
        return EXIT.ok;
      }),
    );

  retention
    .command('rules')
    .description('the rules in force, how far they are carried out, and whether the file differs')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn('compliance');
        const view = await connection.json<RetentionRulesView>('GET', '/retention/rules');
        print(json, view, () => rulesLines(view));
        return view.fileFaults === undefined ? EXIT.ok : EXIT.failed;
      }),
    );

  retention
    .command('preview <file>')
    .description('which calls would be kept longer or shorter by the rules of a file')
    .action((file: string) =>
      connected(async (connection, { json }) => {
        const rules = await textOf(file);
        await connection.signIn('compliance');
        const path = '/retention/rules/preview';
        const found = await connection.json<RetentionPreview>('POST', path, { json: { rules } });
        print(json, found, () => previewLines(found));
        return EXIT.ok;
      }),
    );

  retention
    .command('apply <file>')
    .description('put the rules of a file into force; what they change is previewed first')
    .option('--preview <digest>', 'only if the preview is still this one')
    .option('--accept-shorter', 'calls may be kept shorter; takes a second officer', false)
    .action((file: string, options: { preview?: string; acceptShorter: boolean }) =>
      connected(async (connection, { json }) => {
        const rules = await textOf(file);
        await connection.signIn('compliance');
        const path = '/retention/rules';
        const digest =
          options.preview ??
          (
            await connection.json<RetentionPreview>('POST', `${path}/preview`, {
              json: { rules },
            })
          ).digest;
        const { acceptShorter } = options;
        const applied = await connection.json<RetentionApplied>('POST', path, {
          json: { rules, digest, acceptShorter },
        });
        print(json, applied, () => appliedLines(applied));
        return EXIT.ok;
      }),
    );
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new CommandError('FILE_UNREADABLE', `${file} cannot be read`, EXIT.usage);
  });
}
