import type {
  AuditFindingView,
  AuditRunDetail,
  AuditRunView,
  RegisterEntryView,
} from '@voxkeep/contract';

const OUTCOME = 8;

/** A run in one line. */
export function runLine({ id, asOf, outcome, progress, figures, by }: AuditRunView): string {
  const shown = (outcome ?? 'goes on').toUpperCase().padEnd(OUTCOME);
  const count =
    figures === undefined
      ? `${progress.done} of ${progress.of} checks`
      : `${figures.findings} findings, ${figures.open} open, ${figures.notRun} checks not run`;
  return `${shown} ${id}  ${minute(asOf)} by ${by}: ${count}`;
}

/** A run with each check that did not pass, and what it found. */
export function auditLines(run: AuditRunDetail, findings: readonly AuditFindingView[]): string[] {
  const passed = run.checks.filter(({ outcome }) => outcome === 'passed').length;
  const others = run.checks.filter(({ outcome }) => outcome !== undefined && outcome !== 'passed');
  return [
    runLine(run),
    `${passed} of ${run.checks.length} checks passed; seed ${run.seed}`,
    ...others.flatMap(({ id, outcome = '', code, title, findings: count }) => [
      `${outcome.toUpperCase().padEnd(OUTCOME)} ${id}: ${title.en}${code === undefined ? '' : ` (${code})`}`,
      ...findings.filter(({ check }) => check === id).flatMap(findingLines),
      ...(count > findings.filter(({ check }) => check === id).length ? ['  …'] : []),
    ]),
  ];
}

export function findingLines({
  id,
  code,
  severity,
  subject,
  site,
  state,
  wrong,
  fix,
}: AuditFindingView): string[] {
  const at = site === undefined ? '' : ` at ${site}`;
  return [
    `  ${severity} ${code} ${subject.kind} ${subject.id}${at} (${state}; finding ${id})`,
    `    ${wrong.en}. ${fix.en}`,
  ];
}

export function registerLines(entry: RegisterEntryView): string[] {
  const { id, kind, title, subject = '', country = '', validFrom, reviewBy, endedAt } = entry;
  const ended = endedAt === undefined ? '' : `, ended ${minute(endedAt)}`;
  const about = [kind, subject, country].filter((word) => word !== '').join(' ');
  return [`${id}  ${about}: ${title}`, `  from ${validFrom}, review by ${reviewBy}${ended}`];
}

/** UTC. */
const minute = (instant: string): string => `${instant.slice(0, 16)}Z`;
