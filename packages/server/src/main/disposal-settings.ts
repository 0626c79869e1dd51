import { z } from 'zod';

/** Settings of disposals. */
export const DISPOSAL_SETTINGS = {
  disposalAt: {
    env: 'VOXKEEP_DISPOSAL_AT',
    schema: z
      .string()
      .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|none)$/, 'is not a time such as 03:30, nor none')
      .default('03:30'),
    about:
      'Time of day, in the archive’s zone, at which what is due is looked for: few go by themselves, more wait for two approvals. `none`: only when somebody proposes it.',
  },
  disposalsAlone: {
    env: 'VOXKEEP_DISPOSALS_ALONE',
    schema: z.coerce.number().int().min(0).max(1000).default(20),
    about: 'So many due records may be disposed of at a time without two approvals.',
  },
  disposalsPerMinute: {
    env: 'VOXKEEP_DISPOSALS_PER_MINUTE',
    schema: z.coerce.number().int().min(1).max(60_000).default(600),
    about: 'Records that a run disposes of in a minute at most.',
  },
} as const;
