import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Random } from '../../core/random.ts';
import {
  type Bundle,
  type EscrowSet,
  escrowSets,
  escrowStamp,
  forgetEscrowSet,
  renewBundle,
} from '../../keys/index.ts';
import { placeBundle, removeBundles, type SiteSet } from '../../place/index.ts';
import type { RotationDeps } from './deps.ts';
import type { Rotation } from './rotation.ts';

const DAY_MS = 86_400_000;

/** Keeps the escrow bundle as new as the key folder, at every site. */
export interface EscrowKeeper {
  /**
   * Does what is due, one call after the other; to be called every minute. Resolves to the sites that
   * have not the newest, and why.
   */
  tend(): Promise<{ site: string; code: string }[]>;
  /** The newest set, and as of when each site has its bundle. */
  view(): Promise<{ set: EscrowSet; placedAt: ReadonlyMap<string, Date> } | undefined>;
}

export function createEscrowKeeper(
  deps: Pick<RotationDeps, 'db' | 'clock' | 'audit' | 'keys'> & {
    rotation: Pick<Rotation, 'state' | 'keep'>;
    folder: string;
    sites: SiteSet;
    random: Random;
  },
): EscrowKeeper {
  const { db, clock, audit, keys, rotation, folder, sites, random } = deps;
  const { archiveId } = keys;
  let bundle: Bundle | undefined;
  let sealedStamp = '';
  const placed = new Map<string, Bundle>();
  let tending: Promise<unknown> = Promise.resolve();

  /** The bundle of the folder as it is; the one at hand while nothing has changed for less than a day. */
  async function newest(set: EscrowSet): Promise<Bundle | undefined> {
    const stamp = await escrowStamp(folder);
    const isFresh =
      bundle?.setId === set.setId &&
      stamp === sealedStamp &&
      clock.now().getTime() - bundle.sealedAt.getTime() < DAY_MS;
    if (isFresh) return bundle;
    bundle = await renewBundle({ folder, archiveId, clock, random });
    sealedStamp = stamp;
    return bundle;
  }

  /** A set is made without the archive, which therefore tells the ledger of it. */
  async function announce({ setId, threshold, shares }: EscrowSet): Promise<void> {
    if (rotation.state.announcedSet === setId) return;
    await db.transaction().execute((tx) =>
      audit.append(tx, {
        ...{ actor: ARCHIVE_ACTOR, action: 'key.escrow', resource: setId, outcome: 'ok' },
        detail: { threshold, shares, key: setId },
      }),
    );
    rotation.state.announcedSet = setId;
    await rotation.keep();
  }

  async function tend(): Promise<{ site: string; code: string }[]> {
    const [set, ...older] = await escrowSets(folder);
    if (set === undefined) return [];
    await announce(set);
    const current = await newest(set);
    if (current === undefined) return [];
    const isEverywhere = sites.all.every(({ name }) => placed.get(name) === current);
    if (isEverywhere && older.length === 0) return [];
    const { placed: now, failed } = await placeBundle(sites, current);
    for (const site of now) placed.set(site, current);
    const confirmed = set.confirmedAt.filter((at) => at !== null).length;
    // Until enough holders of the new set have shown their shares, the older one is the way back.
    if (older.length > 0 && failed.length === 0 && confirmed >= set.threshold) {
      if (await removeBundles(sites, set.setId)) {
        for (const { setId } of older) await forgetEscrowSet(folder, setId);
      }
    }
    return failed;
  }

  return {
    tend() {
      const next = tending.catch(() => undefined).then(tend);
      tending = next;
      return next;
    },
    async view() {
      const [set] = await escrowSets(folder);
      const placedAt = new Map([...placed].map(([site, { sealedAt }]) => [site, sealedAt]));
      return set === undefined ? undefined : { set, placedAt };
    },
  };
}
