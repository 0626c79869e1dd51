import type { EvictionView, PlacementView, PoolPlacement } from '@voxkeep/contract';
import { ARCHIVE_ACTOR, type Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { ArchiveError, hasCode } from '../core/errors.ts';
import type { Notices, Telling } from '../core/notices.ts';
import { wasTold } from '../notices/index.ts';
import { planPlacement } from '../pipeline/placement/plan-placement.ts';
import { keepPolicy, policyInForce } from '../pipeline/placement/policy-rows.ts';
import { keptPlacement, nextDaily, type PlacementPolicy } from '../place/index.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { POOLS } from '../record/vocabulary.ts';
import type { PlacementPort } from '../serve/ports.ts';
import { type PlacementInForce, readPlacement } from './placement-in-force.ts';
import type { Placer } from './start-placer.ts';

/** Operators are told of a file that waits once in this time. */
const QUIET_MS = 86_400_000;

interface Settings {
  placement: string;
  timeZone: string;
}

interface Deps {
  db: Db;
  clock: Clock;
  audit: Audit;
  placement: PlacementInForce;
}

/**
 * Puts the file's policy into force in an archive that has none yet. Where another is in force the archive
 * goes on with that one, and operators are told that the file waits to be applied.
 */
export async function settlePlacement(
  settings: Settings,
  deps: Deps & { notices: Notices; log: EventLog },
): Promise<void> {
  const { db, clock, audit, notices, log } = deps;
  const file = await readPlacement(settings.placement);
  const { digest } = keptPlacement(file);
  const kept = await policyInForce(db);
  if (kept === undefined) {
    await db.transaction().execute(async (tx) => {
      await keepPolicy(tx, file, clock.now(), true);
      await audit.append(tx, {
        ...{ actor: ARCHIVE_ACTOR, action: 'placement.apply', resource: digest, outcome: 'ok' },
        detail: { first: true },
      });
    });
    return;
  }
  if (kept.digest === digest) return;
  log.warn('the placement file differs from the policy in force, which stays', {
    reason: digest.slice(0, 12),
  });
  const telling: Telling = {
    ...{ to: { roles: ['operator'] }, kind: 'placement.differs', severity: 'action' },
    resource: digest,
  };
  await db.transaction().execute(async (tx) => {
    if (await wasTold(tx, telling, new Date(clock.now().getTime() - QUIET_MS))) return;
    await notices.tell(tx, telling);
  });
}

/** What operators see of where copies are wanted, and change. */
export function createPlacement(
  settings: Settings,
  deps: Deps & { placer: Pick<Placer, 'wake'> },
): PlacementPort {
  const { db, clock, audit, placement, placer } = deps;
  const { timeZone } = settings;
  const inForce = async () => {
    const kept = await policyInForce(db);
    if (kept === undefined) throw new Error('an open archive has a policy');
    return kept;
  };
  const view = async (): Promise<PlacementView> => {
    const { policy, digest, appliedAt, endedAt } = await inForce();
    const file = await fileState(settings);
    const now = clock.now();
    const eviction = await lastEviction(db);
    return {
      ...{ digest, appliedAt: appliedAt.toISOString(), dailyAt: policy.daily.at },
      nextDaily: nextDaily(policy, now, timeZone).toISOString(),
      pools: POOLS.map((pool) => ({ pool, ...listsOf(policy, pool) })),
      ...{ ...file, fileDiffers: file.fileDigest !== digest },
      ...(endedAt === undefined ? {} : { spreadAt: endedAt.toISOString() }),
      pendingCopies: await count(db, 'pending_copy'),
      pendingRemovals: await count(db, 'pending_removal'),
      ...(eviction === undefined ? {} : { eviction }),
    };
  };
  return {
    view,
    async plan() {
      const file = await readPlacement(settings.placement);
      const { policy, digest } = await inForce();
      const acknowledged = POOLS.flatMap((pool) => {
        const [from, to] = [policy, file].map((one) => one.pools[pool].acknowledged);
        return String(from) === String(to) ? [] : [{ pool, from: from ?? [], to: to ?? [] }];
      });
      const lines = await planPlacement(db, file, { now: clock.now(), timeZone });
      return { digest: keptPlacement(file).digest, inForce: digest, acknowledged, lines };
    },
    async apply(planned, actor, requestId) {
      const file = await readPlacement(settings.placement);
      if (keptPlacement(file).digest !== planned) {
        const message = 'the placement file is not the one that was planned; plan again';
        throw new ArchiveError('PLACEMENT_CHANGED', message, { field: 'body/digest' });
      }
      const { outboxId } = await db.transaction().execute(async (tx) => {
        const before = await policyInForce(tx);
        await keepPolicy(tx, file, clock.now(), false);
        return audit.append(tx, {
          ...{ actor, action: 'placement.apply', resource: planned, outcome: 'ok', requestId },
          detail: { before: before?.digest ?? '' },
        });
      });
      placement.follow(file);
      placer.wake();
      await audit.settle(outboxId);
      return view();
    },
  };
}

/** What the file says now, faults included: whoever looks has to learn of them. */
async function fileState({ placement }: Settings) {
  try {
    return { fileDigest: keptPlacement(await readPlacement(placement)).digest };
  } catch (error) {
    if (!hasCode(error, 'PLACEMENT_INVALID') && !hasCode(error, 'CONFIG_UNREADABLE')) throw error;
    return { fileFaults: error.message };
  }
}

function listsOf(policy: PlacementPolicy, pool: PoolPlacement['pool']) {
  const {
    acknowledged,
    realtime = [],
    daily = [],
    eviction,
  } = policy.pools[pool] as Partial<PlacementPolicy['pools']['basic']>;
  const lists = { acknowledged: acknowledged ?? [], realtime, daily };
  return { ...lists, ...(eviction === undefined ? {} : { eviction }) };
}

async function count(db: Db, table: 'pending_copy' | 'pending_removal'): Promise<number> {
  const { n } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

async function lastEviction(db: Db): Promise<EvictionView | undefined> {
  const row = await db
    .selectFrom('eviction_run')
    .selectAll()
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { site, started_at, ended_at, looked, evicted, bytes, locked, unverified } = row;
  return {
    ...{ site, startedAt: started_at.toISOString() },
    ...(ended_at === null ? {} : { endedAt: ended_at.toISOString() }),
    ...{ looked, evicted, bytes: Number(bytes), locked, unverified },
  };
}
