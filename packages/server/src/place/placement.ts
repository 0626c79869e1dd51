import type { Pool } from '../record/vocabulary.ts';

const DAY_MS = 86_400_000;

/** Where a pool's copies go. */
interface PoolPlacement {
  acknowledged: readonly string[];
  further: readonly { site: string; afterMs: number }[];
}

/** The defaults: acknowledged copies before `archived`, and when the others follow. */
export const PLACEMENT: Readonly<Record<Pool, PoolPlacement>> = {
  basic: {
    acknowledged: ['hq'],
    further: [
      { site: 'branch', afterMs: DAY_MS },
      { site: 'cloud', afterMs: DAY_MS },
    ],
  },
  core: { acknowledged: ['hq', 'branch'], further: [{ site: 'cloud', afterMs: 0 }] },
  sensitive: { acknowledged: ['hq', 'branch'], further: [{ site: 'cloud', afterMs: 0 }] },
  quarantine: { acknowledged: ['hq', 'branch'], further: [] },
};
