import { z } from 'zod';
import type { AuditLimits } from '../inspect/audit/index.ts';

const days = (byDefault: number) => z.coerce.number().int().min(1).max(3650).default(byDefault);

/** Settings of compliance audits. */
export const AUDIT_SETTINGS = {
  auditDay: {
    env: 'VOXKEEP_AUDIT_DAY',
    schema: z.coerce.number().int().min(0).max(28).default(1),
    about: 'Day of the month on which a compliance audit runs by itself. 0: never by itself.',
  },
  auditHour: {
    env: 'VOXKEEP_AUDIT_HOUR',
    schema: z.coerce.number().int().min(0).max(23).default(4),
    about: 'Hour of that day at which it begins, in the archive’s zone.',
  },
  auditSample: {
    env: 'VOXKEEP_AUDIT_SAMPLE',
    schema: z.coerce.number().int().min(1).max(1_000_000).default(200),
    about: 'Records of which an audit reads everything; drawn by a seed that the report names.',
  },
  auditUnusedDays: {
    env: 'VOXKEEP_AUDIT_UNUSED_DAYS',
    schema: days(90),
    about: 'An audit reports accounts with which nobody has signed in for so many days.',
  },
  auditQuarantineDays: {
    env: 'VOXKEEP_AUDIT_QUARANTINE_DAYS',
    schema: days(30),
    about: 'An audit reports records that have waited in quarantine for so many days.',
  },
  auditDrillDays: {
    env: 'VOXKEEP_AUDIT_DRILL_DAYS',
    schema: days(35),
    about: 'An audit reports when no recovery drill has ended well for so many days.',
  },
} as const;

type AuditConfig = {
  [N in keyof typeof AUDIT_SETTINGS]: z.output<(typeof AUDIT_SETTINGS)[N]['schema']>;
};
interface Judged extends AuditConfig {
  scrubDeepDays: number;
  alarmScrubPeriods: number;
  snapshotHours: number;
}

/** How much is too much, by the settings; where there is none, as docs/audit.md says. */
export const auditLimits = (config: Judged): AuditLimits => ({
  sample: config.auditSample,
  verifiedDays: config.scrubDeepDays * config.alarmScrubPeriods + 1,
  overdueDays: 14,
  pendingDays: 7,
  quarantineDays: config.auditQuarantineDays,
  unusedDays: config.auditUnusedDays,
  drillDays: config.auditDrillDays,
  reviewDays: 3,
  witnessHours: 24,
  snapshotHours: 2 * config.snapshotHours + 1,
  checkMinutes: 240,
});
