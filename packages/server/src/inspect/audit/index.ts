export { beginAudit, beginScheduled } from './begin-audit.ts';
export { listFindings } from './list-findings.ts';
export { type AuditSchedule, nextAudit } from './next-audit.ts';
export type {
  AuditDeps,
  AuditLimits,
  AuditQueue,
  AuditSite,
  AuditSources,
  DiskState,
  KeyPlace,
  ReportStore,
  RetentionRules,
} from './ports.ts';
export { addRegisterEntry, endRegisterEntry, listRegisters } from './registers.ts';
export { CHECKS } from './registry.ts';
export { type PaperLanguage, reportPaper } from './report-paper.ts';
export { acceptFinding, retestFinding } from './settle-finding.ts';
export { listRuns, runRow, showRun, trendOf } from './views.ts';
export { workAudit } from './work-audit.ts';
