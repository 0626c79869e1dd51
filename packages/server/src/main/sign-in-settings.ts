import { z } from 'zod';

/** Settings of sign-in; part of SETTINGS in config.ts. */
export const SIGN_IN_SETTINGS = {
  sessionIdleMinutes: {
    env: 'VOXKEEP_SESSION_IDLE_MINUTES',
    schema: z.coerce.number().int().min(1).max(1440).default(30),
    about: 'Minutes without a request after which a session ends.',
  },
  sessionHours: {
    env: 'VOXKEEP_SESSION_HOURS',
    schema: z.coerce.number().int().min(1).max(168).default(12),
    about: 'Hours after which a session ends, whatever happens.',
  },
} as const;
