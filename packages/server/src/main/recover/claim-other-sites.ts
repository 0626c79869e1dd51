import type { Clock } from '../../core/clock.ts';
import { hasCode } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { LedgerStore } from '../../ledger/index.ts';
import { openSite } from '../open-sites.ts';
import type { SiteEntry } from '../sites-file.ts';

export interface SiteClaim {
  name: string;
  /** `kept`: it has its copies; `new`: nothing lies there, and it is filled again; `away`: silent now. */
  state: 'from' | 'kept' | 'new' | 'away';
}

/**
 * Looks at the sites beside the one that is left, and takes empty places for new sites. Rejects with
 * SITE_FOREIGN for a place that is another's.
 */
export async function claimOtherSites(
  entries: readonly SiteEntry[],
  from: string,
  options: { archiveId: string; clock: Clock; random: Random },
): Promise<SiteClaim[]> {
  const claims: SiteClaim[] = [];
  for (const entry of entries) {
    const { name } = entry;
    claims.push({ name, state: name === from ? 'from' : await stateOf(entry, options) });
  }
  return claims;
}

async function stateOf(
  entry: SiteEntry,
  options: Parameters<typeof claimOtherSites>[2],
): Promise<SiteClaim['state']> {
  for (const [create, state] of [
    [false, 'kept'],
    [true, 'new'],
  ] as const) {
    try {
      const { ledger } = await openSite(entry, { ...options, create });
      return (await hasLog(ledger)) ? state : 'new';
    } catch (error) {
      const away = hasCode(error, 'SITE_UNREACHABLE') || hasCode(error, 'LEDGER_UNAVAILABLE');
      if (!away) throw error;
    }
  }
  return 'away';
}

/** Claimed for a recovery that was broken off, a place has no ledger yet: nothing was ever kept there. */
async function hasLog(ledger: LedgerStore): Promise<boolean> {
  for (const name of ['checkpoint', 'checkpoint.restoring']) {
    if ((await ledger.get(name)) !== undefined) return true;
  }
  return false;
}
