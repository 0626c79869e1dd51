import type { AuditFigures } from '@voxkeep/contract';
import type { Queryable } from '../../core/database.ts';

/** What a run amounts to, counted from its rows. `failed` checks have a finding that nobody accepted. */
export async function figuresOf(
  db: Queryable,
  runId: string,
): Promise<{ shown: AuditFigures; notRun: number; failed: number }> {
  const checks = await db
    .selectFrom('audit_check')
    .select(['outcome', 'looked', 'findings'])
    .where('run_id', '=', runId)
    .execute();
  const rows = await db
    .selectFrom('audit_finding')
    .select(({ fn }) => ['severity', 'state', fn.countAll<string>().as('n')])
    .where('run_id', '=', runId)
    .groupBy(['severity', 'state'])
    .execute();
  const count = (of: Partial<{ severity: string; state: string }>) =>
    rows
      .filter((row) => row.severity === (of.severity ?? row.severity))
      .filter((row) => row.state === (of.state ?? row.state))
      .reduce((sum, { n }) => sum + Number(n), 0);
  const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);
  const notRun = checks.filter(({ outcome }) => outcome === 'not-run').length;
  return {
    notRun,
    failed: checks.filter(({ outcome }) => outcome === 'failed').length,
    shown: {
      ...{ checks: checks.length, notRun, looked: sum(checks.map((one) => Number(one.looked))) },
      findings: sum(checks.map((one) => one.findings)),
      ...{ open: count({ state: 'open' }), accepted: count({ state: 'accepted' }) },
      ...{ low: count({ severity: 'low' }), medium: count({ severity: 'medium' }) },
      ...{ high: count({ severity: 'high' }), critical: count({ severity: 'critical' }) },
    },
  };
}
