import { AUDIT_CHECKS, type AuditFigures, type AuditReport } from '@voxkeep/contract';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { AuditDeps } from './ports.ts';
import { checkView, findingView, runFacts } from './views.ts';
import type { RunRow } from './work-audit.ts';

/** The whole of a run as it is archived: what was looked at, what was found, and what to do about it. */
export async function reportOf(
  deps: Pick<AuditDeps, 'db' | 'checks' | 'sources' | 'texts'>,
  run: RunRow,
  figures: AuditFigures,
): Promise<AuditReport> {
  const rows = await deps.db
    .selectFrom('audit_finding')
    .selectAll()
    .where('run_id', '=', run.id)
    .orderBy('number')
    .execute();
  const ended = await deps.db
    .selectFrom('audit_check')
    .selectAll()
    .where('run_id', '=', run.id)
    .execute();
  const checks = AUDIT_CHECKS.map((id) =>
    checkView(
      deps.checks,
      id,
      ended.find((one) => one.check_id === id),
    ),
  );
  return {
    ...{ format: 'voxkeep/audit-report/v1', archiveId: deps.sources.archiveId },
    run: { ...runFacts(run), figures },
    checks,
    findings: rows.map((row) => findingView(deps, row)),
    unlisted: figures.findings - rows.length,
  };
}

/** RFC 8785: the same report is the same bytes, whoever writes it. */
export const reportText = (report: AuditReport): string => canonicalJson(report);
