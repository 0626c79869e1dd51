import {
  AUDIT_CHECKS,
  type AuditCheckId,
  type AuditCheckView,
  type AuditFigures,
  type AuditFindingView,
  type AuditReport,
  type AuditRunDetail,
  type AuditRunView,
  type AuditTrend,
} from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { Db } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import type { AuditTables } from '../../core/tables/audits.ts';
import { addMonths, dayOf, startOfDay } from '../../core/zone.ts';
import { auditError } from './audit-error.ts';
import type { AuditDeps, Checks } from './ports.ts';
import type { RunRow } from './work-audit.ts';

type CheckRow = Selectable<AuditTables['audit_check']>;
type FindingRow = Selectable<AuditTables['audit_finding']>;
const MOST_RUNS = 100;

/** What a run says of itself once and for all. */
export function runFacts(run: RunRow): AuditReport['run'] {
  const { id, begun_by: by, as_of, seed, started_at, ended_at, outcome, figures } = run;
  return {
    ...{ id, by, seed, asOf: as_of.toISOString(), startedAt: started_at.toISOString() },
    ...(ended_at === null ? {} : { endedAt: ended_at.toISOString() }),
    ...(outcome === null ? {} : { outcome: outcome as 'passed' | 'failed' }),
    ...(figures === null ? {} : { figures: figures as AuditFigures }),
  };
}

const runView = (run: RunRow, done: number): AuditRunView => ({
  ...runFacts(run),
  progress: { done, of: AUDIT_CHECKS.length },
  ...(run.report_sha256 === null ? {} : { reportSha256: run.report_sha256 }),
});

export function checkView(
  checks: Checks,
  id: AuditCheckId,
  row: CheckRow | undefined,
): AuditCheckView {
  return {
    ...{ id, title: checks[id].title, looked: Number(row?.looked ?? 0) },
    ...{ findings: row?.findings ?? 0, tookMs: row?.took_ms ?? 0 },
    ...(row === undefined
      ? {}
      : { outcome: row.outcome as NonNullable<AuditCheckView['outcome']> }),
    ...(row?.code == null ? {} : { code: row.code }),
  };
}

/** A finding with the words of its code; those of a code that a later program dropped are its name. */
export function findingView(
  { checks, texts }: Pick<AuditDeps, 'checks' | 'texts'>,
  row: FindingRow,
): AuditFindingView {
  const check = row.check_id as AuditCheckId;
  const named = { zh: row.code, en: row.code };
  const { wrong = named, fix = named } = checks[check].codes[row.code] ?? {};
  return {
    ...{
      id: row.id,
      check,
      code: row.code,
      severity: row.severity as AuditFindingView['severity'],
    },
    subject: {
      kind: row.subject_kind as AuditFindingView['subject']['kind'],
      id: row.subject,
    },
    ...(row.site === null ? {} : { site: row.site }),
    ...{ detail: row.detail, wrong, fix, retest: checks[check].retest },
    ...{ state: row.state as AuditFindingView['state'], stateAt: row.state_at.toISOString() },
    ...(row.asked_by === null ? {} : { askedBy: row.asked_by }),
    ...(row.accepted_by === null ? {} : { acceptedBy: row.accepted_by }),
    ...(row.accepted_until === null ? {} : { acceptedUntil: row.accepted_until.toISOString() }),
    ...(row.sealed_reason === null
      ? {}
      : { reason: texts.open(row.id, row.sealed_reason).toString() }),
  };
}

/** The newest runs first. */
export async function listRuns(db: Db): Promise<AuditRunView[]> {
  const rows = await db
    .selectFrom('audit_run')
    .selectAll()
    .orderBy('started_at', 'desc')
    .limit(MOST_RUNS)
    .execute();
  const running = rows.filter(({ ended_at }) => ended_at === null);
  const counts = new Map<string, number>();
  for (const { id } of running) counts.set(id, (await checksOf(db, id)).length);
  return rows.map((row) => runView(row, counts.get(row.id) ?? AUDIT_CHECKS.length));
}

const checksOf = (db: Db, runId: string): Promise<CheckRow[]> =>
  db.selectFrom('audit_check').selectAll().where('run_id', '=', runId).execute();

/** Rejects with AUDIT_UNKNOWN. */
export async function runRow(db: Db, id: string): Promise<RunRow> {
  const row = isUuid(id)
    ? await db.selectFrom('audit_run').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  if (row === undefined)
    throw auditError('AUDIT_UNKNOWN', 'there is no such audit', { field: 'id' });
  return row;
}

/** A run with each of its checks. Rejects with AUDIT_UNKNOWN. */
export async function showRun(
  { db, checks }: Pick<AuditDeps, 'db' | 'checks'>,
  id: string,
): Promise<AuditRunDetail> {
  const run = await runRow(db, id);
  const rows = await checksOf(db, id);
  const views = AUDIT_CHECKS.map((check) =>
    checkView(
      checks,
      check,
      rows.find((one) => one.check_id === check),
    ),
  );
  return { ...runView(run, rows.length), checks: views };
}

/** How many findings each check had, run by run, over so many months. */
export async function trendOf(
  db: Db,
  { months, now, timeZone }: { months: number; now: Date; timeZone: string },
): Promise<AuditTrend> {
  const since = startOfDay(timeZone, addMonths(dayOf(timeZone, now), -months));
  const runs = await db
    .selectFrom('audit_run')
    .selectAll()
    .where('ended_at', 'is not', null)
    .where('as_of', '>=', since)
    .orderBy('as_of')
    .execute();
  if (runs.length === 0) return { points: [] };
  const rows = await db
    .selectFrom('audit_check')
    .select(['run_id', 'check_id', 'findings'])
    .where(
      'run_id',
      'in',
      runs.map(({ id }) => id),
    )
    .execute();
  return {
    points: runs.map((run) => {
      const { open = 0, findings = 0 } = run.figures ?? {};
      const own = rows.filter(({ run_id }) => run_id === run.id);
      return {
        ...{ id: run.id, asOf: run.as_of.toISOString(), open, findings },
        outcome: run.outcome as 'passed' | 'failed',
        checks: Object.fromEntries(own.map((one) => [one.check_id, one.findings])),
      };
    }),
  };
}
