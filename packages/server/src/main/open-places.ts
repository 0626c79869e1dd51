import type { Clock } from '../core/clock.ts';
import { systemRandom } from '../core/random.ts';
import { createKeyRoom, type KeyStore, openWarrants } from '../keys/index.ts';
import { createStrays, createVault, gated, SiteSet, siteEnvelopes } from '../place/index.ts';
import type { Pool } from '../record/vocabulary.ts';
import type { Closers } from './closers.ts';
import { openSites } from './open-sites.ts';

/** The sites, the keys of what lies there, and who may have it opened. */
export async function openPlaces(
  entries: Parameters<typeof openSites>[0],
  more: {
    archiveId: string;
    created: boolean;
    keys: KeyStore;
    clock: Clock;
    relyingParty: Parameters<typeof openWarrants>[0]['relyingParty'];
    acknowledged: (pool: Pool) => readonly string[];
    closers: Closers;
  },
) {
  const { archiveId, created, keys, clock, relyingParty, acknowledged, closers } = more;
  const opened = await openSites(entries, {
    ...{ archiveId, create: created, clock, random: systemRandom },
  });
  // Shut until what was destroyed while nobody looked is known to be gone there; see `startTombstones`.
  const all = opened.map(({ store }) => gated(store, !created));
  const sites = new SiteSet(all.map(({ store }) => store));
  const gates = all.map(({ gate }) => gate);
  const warrants = openWarrants({ documents: keys.documents, archiveId, relyingParty });
  const keyRoom = createKeyRoom({
    ...{ store: keys, envelopes: siteEnvelopes(sites), clock, random: systemRandom, warrants },
  });
  closers.add(async () => keyRoom.close());
  const vault = createVault({ sites, keyRoom, clock, random: systemRandom, acknowledged });
  const strays = createStrays({ sites, keyRoom });
  const ledgerStores = opened.map(({ ledger }) => ledger);
  return { sites, gates, ledgerStores, warrants, keyRoom, vault, strays };
}
