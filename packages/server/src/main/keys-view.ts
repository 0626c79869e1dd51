import type { KeysView } from '@voxkeep/contract';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { EscrowSet, KeyStore } from '../keys/index.ts';
import {
  attestShare,
  type EpochEnd,
  type EpochEndDeps,
  epochEnds,
} from '../pipeline/rotation/epoch-ends.ts';
import type { EscrowKeeper } from '../pipeline/rotation/escrow-keeper.ts';
import type { ReindexWalk } from '../pipeline/rotation/reindex-calls.ts';
import type { Rotation } from '../pipeline/rotation/rotation.ts';
import type { SiteSet } from '../place/index.ts';
import { TIERS } from '../record/vocabulary.ts';
import type { KeysPort } from '../serve/ports.ts';

const DAY_MS = 86_400_000;

/** What operators see of the keys, none of which is a secret, and what they begin and end. */
export function createKeys(deps: {
  db: Db;
  clock: Clock;
  audit: Audit;
  keys: KeyStore;
  sites: SiteSet;
  rotation: Rotation;
  escrow: EscrowKeeper;
  keysOnDataHost: boolean;
  escrowSets: EpochEndDeps['escrowSets'];
  setsToldBy: EpochEndDeps['setsToldBy'];
  /** Has the work that a change makes done soon. */
  wake(): void;
}): KeysPort {
  const { clock, keys, rotation, escrow, sites, wake } = deps;

  async function view(): Promise<KeysView> {
    const [older, reindex, living, held] = await Promise.all([
      rotation.older(),
      rotation.reindex(),
      countLiving(deps.db),
      escrow.view(),
    ]);
    const { walk } = rotation.state;
    const destroyed = (await epochEnds(deps)).map(destroyedOf);
    const isRenewed = walk?.endedAt !== undefined && walk.to === keys.currentEpoch('basic');
    const isDone = isRenewed && reindex.endedAt !== undefined;
    const known = older.length === 0 || isRenewed;
    const now = clock.now();
    const escrowView = held && {
      ...pick(held.set),
      sites: sites.all.map(({ name }) => {
        const asOf = held.placedAt.get(name);
        return { name, ...(asOf === undefined ? {} : { asOf: asOf.toISOString() }) };
      }),
    };
    const total = [...living.values()].reduce((sum, count) => sum + count, 0);
    return {
      ...{ archiveId: keys.archiveId, store: 'file', onDataHost: deps.keysOnDataHost },
      epochs: (await keys.epochs())
        .sort((a, b) => `${a.pool} ${a.epoch}`.localeCompare(`${b.pool} ${b.epoch}`))
        .map(({ pool, epoch }) => {
          const current = keys.currentEpoch(pool) === epoch;
          const count = current ? (living.get(pool) ?? 0) : 0;
          const isKnown = pool !== 'quarantine' && known;
          return { pool, epoch, current, ...(isKnown ? { envelopes: count } : {}) };
        }),
      ...(walk === undefined ? {} : { rewrap: rewrapOf(walk, total) }),
      ...(walk === undefined ? {} : { reindex: reindexOf(reindex) }),
      destroyed,
      ...(escrowView === undefined ? {} : { escrow: escrowView }),
      due: duties({
        onHost: deps.keysOnDataHost,
        older,
        isDone,
        destroyed,
        escrow: escrowView,
        now,
      }),
      serverTime: now.toISOString(),
    };
  }

  return {
    view,
    async rotate(pool, actor, requestId) {
      if (pool === 'quarantine') await rotation.destroyIdleDays();
      else await rotation.begin({ actor, requestId });
      wake();
      return view();
    },
    async finish(actor, requestId) {
      // The ledger has to know every set that opens what ends now.
      await escrow.tend();
      await rotation.finish({ actor, requestId });
      wake();
      return view();
    },
    async attest(share, actor, requestId) {
      await attestShare(deps, share, { actor, requestId });
      return view();
    },
  };
}

function destroyedOf({ epoch, destroyedAt, goneAt, waiting }: EpochEnd) {
  const gone = goneAt === undefined ? {} : { goneAt: goneAt.toISOString() };
  return { epoch, at: destroyedAt.toISOString(), ...gone, waiting: [...waiting] };
}

function pick({ setId, createdAt, threshold, shares, confirmedAt }: EscrowSet) {
  return { setId, createdAt, threshold, shares, confirmedAt };
}

type Walk = NonNullable<Rotation['state']['walk']>;

function rewrapOf(walk: Walk, of: number): KeysView['rewrap'] {
  const { to, beganAt: startedAt, endedAt, seen, renewed, unopened } = walk;
  return {
    to,
    startedAt,
    seen,
    renewed,
    unopened,
    of,
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

function reindexOf(walk: ReindexWalk): KeysView['reindex'] {
  const { beganAt, endedAt, seen, rebuilt, unopened } = walk;
  return {
    ...{ startedAt: beganAt.toISOString(), seen, rebuilt, unopened },
    ...(endedAt === undefined ? {} : { endedAt: endedAt.toISOString() }),
  };
}

function duties(about: {
  onHost: boolean;
  older: readonly string[];
  isDone: boolean;
  destroyed: KeysView['destroyed'];
  escrow: KeysView['escrow'];
  now: Date;
}): KeysView['due'] {
  const { onHost, older, isDone, destroyed, escrow, now } = about;
  const confirmed = escrow?.confirmedAt.filter((at) => at !== null).length ?? 0;
  const oldest = now.getTime() - 2 * DAY_MS;
  const isBehind = escrow?.sites.some(
    ({ asOf }) => asOf === undefined || new Date(asOf).getTime() < oldest,
  );
  const isShared = escrow === undefined || destroyed.every(({ at }) => at < escrow.createdAt);
  const all: [KeysView['due'][number], boolean][] = [
    ['keys_on_data_host', onHost],
    ['escrow_missing', escrow === undefined],
    ['shares_unconfirmed', escrow !== undefined && confirmed < escrow.threshold],
    ['bundle_behind', isBehind === true],
    ['rewrap', older.length > 0 && !isDone],
    ['rotate_finish', older.length > 0 && isDone],
    ['reshare', !isShared],
    ['attest', destroyed.some(({ waiting }) => waiting.some((one) => one.startsWith('share ')))],
  ];
  return all.filter(([, isDue]) => isDue).map(([duty]) => duty);
}

async function countLiving(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('sealed_object')
    .select(({ fn }) => ['pool', fn.countAll<string>().as('n')])
    .where('destroyed_at', 'is', null)
    .where('pool', 'in', [...TIERS])
    .groupBy('pool')
    .execute();
  return new Map(rows.map(({ pool, n }) => [pool, Number(n)]));
}
