import { AuditReport } from '@voxkeep/contract';
import type pg from 'pg';
import type { Audit } from '../../core/audit.ts';
import type { Notices } from '../../core/notices.ts';
import {
  type AuditDeps,
  acceptFinding,
  addRegisterEntry,
  beginAudit,
  CHECKS,
  endRegisterEntry,
  listFindings,
  listRegisters,
  listRuns,
  nextAudit,
  reportPaper,
  retestFinding,
  runRow,
  showRun,
  trendOf,
} from '../../inspect/audit/index.ts';
import { journalSeal } from '../../journal/index.ts';
import type { EventLog } from '../../platform/log/logger.ts';
import { printPaper } from '../../platform/pdf/print-paper.ts';
import { auditQueue } from '../../platform/queue/audit-queue.ts';
import type { AuditsPort } from '../../serve/ports.ts';
import type { OwnRows } from '../../serve/search/index.ts';
import type { Closers } from '../closers.ts';
import type { Config } from '../config.ts';
import { readReport } from './read-report.ts';
import { reportStore } from './report-store.ts';
import { auditSources, type SourceParts } from './sources.ts';
import { startAudits } from './start-audits.ts';

/** Compliance audits of this archive: their schedule, their work, and what officers see and do of them. */
export async function openAudits(
  config: Config,
  parts: SourceParts & {
    pool: pg.Pool;
    audit: Audit;
    notices: Notices;
    texts: OwnRows;
    log: EventLog;
    closers: Closers;
  },
): Promise<AuditsPort> {
  const { pool, audit, notices, texts, log, closers, ...known } = parts;
  const { db, clock, random, keys, archiveId, sites } = known;
  const deps: AuditDeps = {
    ...{ db, clock, random, audit, notices, texts, checks: CHECKS, queue: auditQueue },
    sources: await auditSources(config, known),
    reports: reportStore(sites, journalSeal(keys.secret('journal'), archiveId)),
    commitmentKey: keys.secret('ledger-commitment'),
  };
  const { auditDay: day, auditHour: hour, timeZone } = config;
  const schedule = { day, hour, timeZone };
  closers.add(await startAudits(deps, { pool, clock, schedule, log }));
  return {
    async view() {
      const next = await nextAudit(db, schedule, clock.now());
      return {
        runs: await listRuns(db),
        ...(next === undefined ? {} : { next: next.at.toISOString() }),
        serverTime: clock.now().toISOString(),
      };
    },
    begin: async (actor, requestId) => showRun(deps, await beginAudit(deps, actor, requestId)),
    show: (id) => showRun(deps, id),
    findings: (id, query) => listFindings(deps, id, query),
    report: async (id) => readReport(deps, await runRow(db, id)),
    async pdf(id, language) {
      const row = await runRow(db, id);
      const text = (await readReport(deps, row)).toString();
      const report = AuditReport.parse(JSON.parse(text));
      return printPaper(reportPaper(report, language, row.report_sha256 ?? ''));
    },
    trend: (months) => trendOf(db, { months, now: clock.now(), timeZone }),
    accept: (id, acceptance) => acceptFinding(deps, id, acceptance),
    retest: (id, by) => retestFinding(deps, id, by),
    registers: () => listRegisters(deps),
    addEntry: (entry, by) => addRegisterEntry(deps, entry, by),
    endEntry: (id, by) => endRegisterEntry(deps, id, by),
  };
}
