import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type {
  AuditFindingsPage,
  AuditFindingView,
  AuditRunDetail,
  AuditsView,
  RegisterEntryIn,
  RegisterEntryView,
  RegistersView,
} from '@voxkeep/contract';
import type { Command } from 'commander';
import type { Connection } from '../connection.ts';
import { EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { auditLines, findingLines, registerLines, runLine } from './audit-lines.ts';

const LOOK_MS = 500;

/** Compliance audits: one now, those that were, what they found, and their reports. */
export function auditCommands(program: Command, { connected, print }: Run): void {
  const audit = program.command('audit').description('compliance audits');

  audit
    .command('run')
    .description('run a compliance audit now, and wait for its end')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const progress = !json && process.stderr.isTTY === true;
        const done = await audited(connection, progress);
        const findings = await allFindings(connection, done.id);
        print(json, { ...done, list: findings }, () => auditLines(done, findings));
        return done.outcome === 'passed' ? EXIT.ok : EXIT.failed;
      }),
    );

  audit
    .command('list')
    .description('the newest audits, and the next one by schedule')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const view = await connection.json<AuditsView>('GET', '/audits');
        print(json, view, () => [
          ...(view.runs.length === 0 ? ['no audit yet'] : view.runs.map(runLine)),
          `next  ${view.next ?? 'none by schedule'}`,
        ]);
        return EXIT.ok;
      }),
    );

  audit
    .command('show [id]')
    .description('an audit, by default the newest: each check, and what it found')
    .action((id?: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const run = await chosen(connection, id);
        const findings = await allFindings(connection, run.id);
        print(json, { ...run, list: findings }, () => auditLines(run, findings));
        return EXIT.ok;
      }),
    );

  audit
    .command('report [id]')
    .description('the archived report of an audit, by default of the newest')
    .requiredOption('--out <file>', 'where it is written')
    .action((id: string | undefined, { out }: { out: string }) =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const run = await chosen(connection, id);
        const report = await connection.json<object>('GET', `/audits/${run.id}/report.json`);
        await writeFile(out, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
        const { reportSha256 = '' } = run;
        print(json, { id: run.id, file: out, reportSha256 }, () => [`${out}  ${reportSha256}`]);
        return EXIT.ok;
      }),
    );

  audit
    .command('retest <finding>')
    .description('run the check of a finding again')
    .action((finding: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const path = `/audits/findings/${finding}/retest`;
        const view = await connection.json<AuditFindingView>('POST', path);
        print(json, view, () => findingLines(view));
        return view.state === 'fixed' ? EXIT.ok : EXIT.failed;
      }),
    );

  audit
    .command('accept <finding>')
    .description('accept a finding as it is, for a year; it takes two people')
    .requiredOption('--reason <text>', 'why')
    .action((finding: string, { reason }: { reason: string }) =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const path = `/audits/findings/${finding}/accept`;
        const view = await connection.json<AuditFindingView>('POST', path, { json: { reason } });
        print(json, view, () => findingLines(view));
        return EXIT.ok;
      }),
    );
}

/** The registers that audits look at. */
export function registerCommands(program: Command, { connected, print }: Run): void {
  const registers = program
    .command('registers')
    .description('impact assessments, bases of consent, contracts, and countries of sites');

  registers
    .command('list')
    .description('every entry, newest first')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const view = await connection.json<RegistersView>('GET', '/registers');
        print(json, view, () => view.entries.flatMap(registerLines));
        return EXIT.ok;
      }),
    );

  registers
    .command('add')
    .description('enter a document')
    .requiredOption(
      '--kind <kind>',
      'impact_assessment, consent_basis, processor_contract or site_country',
    )
    .requiredOption('--title <text>', 'what it is; kept sealed')
    .requiredOption('--from <day>', 'from when it counts, YYYY-MM-DD')
    .requiredOption('--review <day>', 'by when it has to be looked at again')
    .requiredOption('--sha256 <hex>', 'of the document, which lies elsewhere')
    .option('--subject <name>', 'the site, for its country and its processor')
    .option('--country <code>', 'of the site, two letters')
    .action((given: Given) =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const { kind, title, from: validFrom, review: reviewBy, sha256: documentSha256 } = given;
        const { subject, country } = given;
        const entry = {
          ...{ kind, title, validFrom, reviewBy, documentSha256 },
          ...(subject === undefined ? {} : { subject }),
          ...(country === undefined ? {} : { country }),
        };
        const view = await connection.json<RegisterEntryView>('POST', '/registers', {
          json: entry,
        });
        print(json, view, () => registerLines(view));
        return EXIT.ok;
      }),
    );

  registers
    .command('end <id>')
    .description('end an entry: it counts no more, and stays')
    .action((id: string) =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const view = await connection.json<RegisterEntryView>('POST', `/registers/${id}/end`);
        print(json, view, () => registerLines(view));
        return EXIT.ok;
      }),
    );
}

interface Given {
  kind: RegisterEntryIn['kind'];
  title: string;
  from: string;
  review: string;
  sha256: string;
  subject?: string;
  country?: string;
}

async function audited(connection: Connection, progress: boolean): Promise<AuditRunDetail> {
  const begun = await connection.json<AuditRunDetail>('POST', '/audits');
  for (;;) {
    await wait(LOOK_MS);
    const now = await connection.json<AuditRunDetail>('GET', `/audits/${begun.id}`);
    const { done, of } = now.progress;
    if (progress) process.stderr.write(`\rcheck ${done} of ${of}  `);
    if (now.endedAt === undefined) continue;
    if (progress) process.stderr.write('\n');
    return now;
  }
}

async function chosen(connection: Connection, id: string | undefined): Promise<AuditRunDetail> {
  const [newest] = (await connection.json<AuditsView>('GET', '/audits')).runs;
  const wanted = id ?? newest?.id ?? 'none';
  return connection.json<AuditRunDetail>('GET', `/audits/${wanted}`);
}

async function allFindings(connection: Connection, id: string): Promise<AuditFindingView[]> {
  const all: AuditFindingView[] = [];
  for (let after = ''; ; ) {
    const path = `/audits/${id}/findings?limit=200${after === '' ? '' : `&after=${after}`}`;
    const page = await connection.json<AuditFindingsPage>('GET', path);
    all.push(...page.findings);
    if (page.next === undefined) return all;
    after = page.next;
  }
}
