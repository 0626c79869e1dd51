import type { AuditFindingsPage, AuditFindingsQuery } from '@voxkeep/contract';
import type { AuditDeps } from './ports.ts';
import { findingView, runRow } from './views.ts';

/** Findings of a run, page by page in the order in which they were found. Rejects with AUDIT_UNKNOWN. */
export async function listFindings(
  deps: Pick<AuditDeps, 'db' | 'checks' | 'texts'>,
  runId: string,
  { check, severity, state, after, limit }: AuditFindingsQuery,
): Promise<AuditFindingsPage> {
  const run = await runRow(deps.db, runId);
  let query = deps.db
    .selectFrom('audit_finding')
    .selectAll()
    .where('run_id', '=', run.id)
    .orderBy('number')
    .limit(limit + 1);
  if (check !== undefined) query = query.where('check_id', '=', check);
  if (severity !== undefined) query = query.where('severity', '=', severity);
  if (state !== undefined) query = query.where('state', '=', state);
  if (after !== undefined) {
    query = query.where('number', '>', (from) =>
      from
        .selectFrom('audit_finding as last')
        .select('last.number')
        .where('last.id', '=', after)
        .where('last.run_id', '=', run.id),
    );
  }
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    findings: page.map((row) => findingView(deps, row)),
    ...(last === undefined ? {} : { next: last.id }),
  };
}
