import { z } from 'zod';

/** Settings of recovery drills. */
export const DRILL_SETTINGS = {
  drillDays: {
    env: 'VOXKEEP_DRILL_DAYS',
    schema: z.coerce.number().int().min(0).max(366).default(30),
    about:
      'After how many days, at the daily hour, a recovery is rehearsed from a sample of a site, the sites in turn. 0: never by itself.',
  },
  drillLimitMinutes: {
    env: 'VOXKEEP_DRILL_LIMIT_MINUTES',
    schema: z.coerce.number().int().min(1).max(10_080).default(45),
    about: 'Alarm when a drill says that a recovery of the whole archive takes longer.',
  },
  drillFolder: {
    env: 'VOXKEEP_DRILL_FOLDER',
    schema: z.string().min(1).describe('a folder').optional(),
    about:
      'Where drills rebuild the catalog, and remove it again; never in a site. Default: `drill` in the data folder.',
  },
} as const;
