import { z } from 'zod';

/** Settings of sign-in; part of SETTINGS in config.ts. */
export const SIGN_IN_SETTINGS = {
  signIn: {
    env: 'VOXKEEP_SIGN_IN',
    schema: z.string().min(1).describe('a file').optional(),
    about:
      'YAML file with providers of identities (OIDC, LDAP, WeCom). Default: own accounts only.',
  },
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
