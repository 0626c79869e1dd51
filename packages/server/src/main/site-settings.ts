import { z } from 'zod';
import { DRILL_SETTINGS } from './drill-settings.ts';

const whole = (most: number) => z.coerce.number().int().min(1).max(most);

/** Settings of the walks over copies, and of when people are told that something is wrong with a site. */
export const SITE_SETTINGS = {
  scrubLightHours: {
    env: 'VOXKEEP_SCRUB_LIGHT_HOURS',
    schema: whole(8760).default(24),
    about: 'After how many hours each copy of a site is looked for again (there, and of its size).',
  },
  scrubDeepDays: {
    env: 'VOXKEEP_SCRUB_DEEP_DAYS',
    schema: whole(3650).default(7),
    about: 'After how many days each copy of a site is read back again and compared.',
  },
  journalSeconds: {
    env: 'VOXKEEP_JOURNAL_SECONDS',
    schema: z.coerce.number().min(0.2).max(3600).default(2).describe('a number from 0.2 to 3600'),
    about: 'After how many seconds at most changes of the catalog lie, sealed, at the sites.',
  },
  snapshotHours: {
    env: 'VOXKEEP_SNAPSHOT_HOURS',
    schema: z.coerce.number().int().min(1).max(168).default(24),
    about: 'After how many hours the whole catalog is written, sealed, to the sites again.',
  },
  snapshotsKept: {
    env: 'VOXKEEP_SNAPSHOTS_KEPT',
    schema: z.coerce.number().int().min(1).max(366).default(3),
    about: 'So many snapshots of the catalog are kept at each site.',
  },
  recoverEntries: {
    env: 'VOXKEEP_RECOVER_ENTRIES',
    schema: z.coerce.number().int().min(1).max(1_000_000_000).default(16_384),
    about:
      'So many of the ledger’s newest entries are read back by a recovery before the archive serves; older ones come while it serves.',
  },
  rewrapPerSecond: {
    env: 'VOXKEEP_REWRAP_PER_SECOND',
    schema: z.coerce.number().int().min(1).max(100_000).default(1000),
    about: 'Envelopes a second that are brought into a new epoch of keys at most.',
  },
  scrubRate: {
    env: 'VOXKEEP_SCRUB_MIB_PER_SECOND',
    schema: z.coerce
      .number()
      .min(0.1)
      .max(100_000)
      .default(50)
      .describe('a number from 0.1 to 100000'),
    about: 'MiB a second that reading back takes at most.',
  },
  alarmScrubPeriods: {
    env: 'VOXKEEP_ALARM_SCRUB_PERIODS',
    schema: whole(100).default(2),
    about: 'Alarm when no walk over a site has ended for so many of the times above.',
  },
  alarmAwayMinutes: {
    env: 'VOXKEEP_ALARM_AWAY_MINUTES',
    schema: whole(10_080).default(5),
    about: 'Alarm when a site has not answered for so many minutes.',
  },
  alarmLagSeconds: {
    env: 'VOXKEEP_ALARM_LAG_SECONDS',
    schema: whole(86_400).default(60),
    about:
      'Alarm when one in a hundred copies of core and sensitive calls took longer than this, over a quarter of an hour.',
  },
  alarmOverdueMinutes: {
    env: 'VOXKEEP_ALARM_OVERDUE_MINUTES',
    schema: whole(10_080).default(15),
    about: 'Alarm when a copy of a core or sensitive call has been due for so many minutes.',
  },
  alarmDailyHours: {
    env: 'VOXKEEP_ALARM_DAILY_HOURS',
    schema: whole(720).default(24),
    about: 'Alarm when a daily copy is not there after so many hours, and one more for its turn.',
  },
  alarmFreePercent: {
    env: 'VOXKEEP_ALARM_FREE_PERCENT',
    schema: whole(90).default(10),
    about: 'Alarm when less of a site’s room is free.',
  },
  alarmFullDays: {
    env: 'VOXKEEP_ALARM_FULL_DAYS',
    schema: whole(3650).default(30),
    about: 'Alarm when a site will be full within so many days, by the last thirty.',
  },
  alarmFillDays: {
    env: 'VOXKEEP_ALARM_FILL_DAYS',
    schema: whole(365).default(7),
    about:
      'Alarm when a site that is being filled, as after a recovery, will not be full of its copies within so many more days, at its pace so far.',
  },
  ...DRILL_SETTINGS,
} as const;

type SiteConfig = {
  [N in keyof typeof SITE_SETTINGS]: z.output<(typeof SITE_SETTINGS)[N]['schema']>;
};

/** The settings as the sites are judged by them. */
export const siteLimits = (config: SiteConfig) => ({
  awayMinutes: config.alarmAwayMinutes,
  lagSeconds: config.alarmLagSeconds,
  overdueMinutes: config.alarmOverdueMinutes,
  dailyHours: config.alarmDailyHours,
  freePercent: config.alarmFreePercent,
  fullDays: config.alarmFullDays,
  fillDays: config.alarmFillDays,
  scrubPeriods: config.alarmScrubPeriods,
  lightHours: config.scrubLightHours,
  deepDays: config.scrubDeepDays,
  drillDays: config.drillDays,
  drillLimitMinutes: config.drillLimitMinutes,
});
