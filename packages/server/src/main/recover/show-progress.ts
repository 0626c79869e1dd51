import type { RecoveryStep } from './rebuild-from.ts';
import type { RecoveryReport } from './recover-archive.ts';

const EVERY_MS = 1000;

const number = (value: number) => value.toLocaleString('en');
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Lines for the terminal: no more than one a second, each with what is left as the pace so far has it. */
export function showProgress(write: (line: string) => void) {
  const startedAt = performance.now();
  let shownAt = 0;
  let tablesAt: number | undefined;
  const say = (line: string) =>
    write(`${seconds(performance.now() - startedAt).padStart(9)}  ${line}`);
  const sometimes = (line: () => string) => {
    if (performance.now() - shownAt < EVERY_MS) return;
    shownAt = performance.now();
    say(line());
  };
  function step(at: RecoveryStep): void {
    switch (at.kind) {
      case 'phase':
        return say(PHASES[at.phase]);
      case 'snapshot': {
        tablesAt = performance.now();
        const { startedAt: of, parts } = at.snapshot;
        const rows = parts.reduce((sum, part) => sum + part.rows, 0);
        const when = of.toISOString();
        return say(
          `snapshot of ${when}: ${number(rows)} rows; then ${number(at.segments)} segments`,
        );
      }
      case 'table':
        return sometimes(() => {
          const took = performance.now() - (tablesAt ?? startedAt);
          const left = (took / Math.max(1, at.ofRows)) * (at.total - at.ofRows);
          return `${number(at.ofRows)} of ${number(at.total)} rows; about ${seconds(left)} for the rest`;
        });
      case 'index':
        return sometimes(() => `index ${at.name}`);
      case 'segment':
        return sometimes(() => `segment ${at.number}; ${number(at.left)} left`);
    }
  }
  return { step, lines };
}

const PHASES = {
  keys: 'keys: open',
  catalog: 'catalog: the newest snapshot',
  waiting: 'following; SIGUSR1 promotes',
  ledger: 'ledger: the newest entries',
  sites: 'sites: what each has',
  done: 'done',
} as const;

/** What an operator has to know at the end; everything else is in the report. */
function lines(report: RecoveryReport): string[] {
  const took = report.endedAt.getTime() - report.startedAt.getTime();
  const missing = Object.entries(report.unavailable);
  return [
    `recovered from ${report.from}: ${number(report.records)} records in ${seconds(took)}`,
    `  rows       ${number(report.rows)} of the snapshot, ${number(report.changes)} changes after it`,
    `  up to      ${report.journalTo.toISOString()}`,
    `  ledger     ${number(report.ledgerEntries)} entries, signed; ${number(report.ledgerToCome)} of them come back, and are verified, while it serves`,
    `  sites      ${report.sites.map(({ name, state }) => `${name} ${state}`).join(', ')}`,
    ...refilled(report),
    `  resumed    ${number(report.resumed)} records that were under way`,
    ...(report.gaps.length === 0 ? [] : [`  GAPS       segments ${report.gaps.join(', ')}`]),
    ...(report.journalBehind
      ? ['  BEHIND     the ledger names a newer segment than is there']
      : []),
    ...(report.unknownRecords === 0
      ? []
      : [`  LOST ROWS  ${number(report.unknownRecords)} records are in the ledger only`]),
    ...missing.map(([reason, count]) => `  NOT HERE   ${number(count)} (${reason})`),
    `  report     ${report.unavailableFile.replace('unavailable-', 'report-').replace('.jsonl', '.json')}`,
  ];
}

function refilled({ sites }: RecoveryReport): string[] {
  const fresh = sites.filter(({ state }) => state === 'new').map(({ name }) => name);
  return fresh.length === 0 ? [] : [`  copies     made at ${fresh.join(', ')} while it serves`];
}
