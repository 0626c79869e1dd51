import { AUDIT_CHECKS, type AuditCheckId } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { AuditTables } from '../../core/tables/audits.ts';
import { figuresOf } from './figures.ts';
import { fixVanished, keepFindings } from './finding-rows.ts';
import type { AuditDeps } from './ports.ts';
import { reportOf, reportText } from './report.ts';
import { type CheckEnd, runCheck } from './run-check.ts';

export type RunRow = Selectable<AuditTables['audit_run']>;

/** Samples have not looked at everything: what they do not find again may be there all the same. */
const SAMPLED: readonly AuditCheckId[] = ['objects.evidence', 'redaction.residue', 'holds.intact'];

/** A check that was begun so often, the archive having been ended in the midst of it, did not run. */
const MOST_TRIES = 8;

/**
 * Brings an audit to its end, check by check, each in a small transaction of its own: after a kill it goes on
 * at the check that had not ended, unless that is what takes the archive down: after some tries it counts as not
 * run. Does nothing for one that has ended. Rejects when `closing` says so.
 */
export async function workAudit(
  deps: AuditDeps,
  runId: string,
  closing: AbortSignal,
): Promise<void> {
  const run = await runOf(deps, runId);
  if (run === undefined || run.ended_at !== null) return;
  const done = await deps.db
    .selectFrom('audit_check')
    .select('check_id')
    .where('run_id', '=', runId)
    .execute();
  for (const id of AUDIT_CHECKS) {
    if (done.some(({ check_id }) => check_id === id)) continue;
    closing.throwIfAborted();
    const check = deps.checks[id];
    const moment = { asOf: run.as_of, seed: run.seed };
    if ((await tryOf(deps, runId, id)) > MOST_TRIES) {
      await keepEnd(deps, run, id, GAVE_UP);
      continue;
    }
    const end = await runCheck(deps.sources, { id, check }, moment, closing).catch(
      async (error: unknown) => {
        // Whoever closes the archive has nothing against the check.
        await deps.db.updateTable('audit_run').set({ tries: 0 }).where('id', '=', runId).execute();
        throw error;
      },
    );
    await keepEnd(deps, run, id, end);
  }
  await endAudit(deps, run);
}

const GAVE_UP: CheckEnd = {
  ...{ outcome: 'not-run', code: 'AUDIT_GAVE_UP', looked: 0, findings: [], tookMs: 0 },
};

/** Notes that the check begins. Resolves to how often it has begun. */
async function tryOf({ db }: AuditDeps, runId: string, id: AuditCheckId): Promise<number> {
  const { tries } = await db
    .updateTable('audit_run')
    .set(({ eb, ref }) => ({
      tries: eb
        .case()
        .when('trying', '=', id)
        .then(eb(ref('tries'), '+', 1))
        .else(1)
        .end(),
      trying: id,
    }))
    .where('id', '=', runId)
    .returning('tries')
    .executeTakeFirstOrThrow();
  return tries;
}

const runOf = ({ db }: Pick<AuditDeps, 'db'>, id: string): Promise<RunRow | undefined> =>
  db.selectFrom('audit_run').selectAll().where('id', '=', id).executeTakeFirst();

async function keepEnd(deps: AuditDeps, run: RunRow, id: AuditCheckId, end: CheckEnd) {
  const { outcome, code, looked, findings, tookMs } = end;
  const now = deps.clock.now();
  await deps.db.transaction().execute(async (tx) => {
    const is = deps.checks[id];
    const { open } = await keepFindings(deps, tx, { id: run.id, check: id, is }, findings);
    const stands = outcome === 'failed' && open === 0 ? 'noted' : outcome;
    await tx
      .insertInto('audit_check')
      .values({
        ...{ run_id: run.id, check_id: id, outcome: stands, code: code ?? null, looked },
        ...{ findings: findings.length, took_ms: tookMs, ended_at: now },
      })
      .execute();
    if (outcome === 'not-run' || SAMPLED.includes(id)) return;
    await fixVanished(tx, { id: run.id, check: id }, findings, now);
  });
}

/** The report lies at the sites before anybody is told of the outcome; its digest stands in the ledger. */
async function endAudit(deps: AuditDeps, run: RunRow): Promise<void> {
  const { db, clock, audit, reports, notices } = deps;
  const figures = await figuresOf(db, run.id);
  const outcome = figures.notRun === 0 && figures.failed === 0 ? 'passed' : 'failed';
  const endedAt = run.ended_at ?? clock.now();
  const ended = { ...run, ended_at: endedAt, outcome };
  const report = await reportOf(deps, ended, figures.shown);
  const kept = await reports.put(run.id, Buffer.from(reportText(report)));
  await db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('audit_run')
      .set({
        ...{ ended_at: endedAt, outcome, figures: JSON.stringify(figures.shown) },
        ...{ report_key: kept.key, report_sha256: kept.sha256 },
      })
      .where('id', '=', run.id)
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    const { checks, notRun, findings, open } = figures.shown;
    await audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'audit.run', resource: run.id },
      outcome: outcome === 'passed' ? 'ok' : 'failed',
      detail: { checks, notRun, findings, open, report: kept.sha256, sites: kept.sites.length },
    });
    await notices.tell(tx, {
      to: { roles: ['compliance', 'auditor'] },
      ...{ kind: 'audit.ended', severity: outcome === 'passed' ? 'info' : 'alarm' },
      ...{ resource: run.id, detail: { outcome, open, notRun } },
    });
  });
}
