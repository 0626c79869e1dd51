import { type Actor, ARCHIVE_ACTOR, type Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db, Tx } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import { type EscrowSet, laterEpoch } from '../../keys/index.ts';

export interface EpochEndDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  /** The escrow sets of the key folder, the newest first. */
  escrowSets(): Promise<readonly Pick<EscrowSet, 'setId' | 'createdAt' | 'shares'>[]>;
  /**
   * How many shares each set has that the ledger was told of by then; the keeper tells it before an epoch
   * ends. Rejects with LEDGER_RESTORING while it may not know yet.
   */
  setsToldBy(moment: Date): Promise<ReadonlyMap<string, number>>;
}

/** A destroyed content epoch, and who has not said yet that what they held of it is gone. */
export interface EpochEnd {
  epoch: string;
  destroyedAt: Date;
  /** Since then no old copy opens. */
  goneAt: Date | undefined;
  /** `reshare`, `bundles`, or `share <set id>/<number>`. */
  waiting: readonly string[];
}

/** In the transaction that tells the ledger of its destruction. */
export async function noteEpochEnd(tx: Tx, epoch: string, at: Date): Promise<void> {
  const end = { destroyed_at: at, gone_at: null };
  await tx
    .insertInto('epoch_end')
    .values({ epoch, ...end })
    .onConflict((conflict) => conflict.column('epoch').doUpdateSet(end))
    .execute();
}

export async function epochEnds(deps: EpochEndDeps): Promise<EpochEnd[]> {
  const rows = await deps.db.selectFrom('epoch_end').selectAll().orderBy('destroyed_at').execute();
  const ends: EpochEnd[] = [];
  for (const { epoch, destroyed_at: destroyedAt, gone_at: goneAt } of rows) {
    const waiting = goneAt === null ? await waitingFor(deps, destroyedAt) : [];
    ends.push({ epoch, destroyedAt, goneAt: goneAt ?? undefined, waiting });
  }
  return ends;
}

/**
 * Notes that a share of an earlier set is destroyed, on that person's word. Rejects with SHARE_UNKNOWN for
 * one that never was, or that is of the set in force.
 */
export async function attestShare(
  deps: EpochEndDeps,
  { setId, share }: { setId: string; share: number },
  by: { actor: Actor; requestId: string },
): Promise<void> {
  const { db, clock, audit } = deps;
  const [current] = await deps.escrowSets();
  const set = (await deps.setsToldBy(clock.now())).get(setId);
  if (set === undefined || share > set || current?.setId === setId) {
    throw new ArchiveError('SHARE_UNKNOWN', 'no share of an earlier set', { field: 'body/share' });
  }
  const written = await db.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('share_attestation')
      .values({ set_id: setId, share, attested_by: by.actor.id, attested_at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return undefined;
    return audit.append(tx, {
      ...{ ...by, action: 'key.attest', resource: setId, outcome: 'ok' },
      detail: { share, holders: set },
    });
  });
  if (written !== undefined) await audit.settle(written.outboxId);
  await settleEpochEnds(deps);
}

/** Epochs for which nobody is waited for any more are gone from now on, and so is what was destroyed in them. */
export async function settleEpochEnds(deps: EpochEndDeps): Promise<string[]> {
  const { db, clock, audit } = deps;
  const gone: string[] = [];
  for (const { epoch, goneAt, waiting } of await epochEnds(deps)) {
    if (goneAt !== undefined || waiting.length > 0) continue;
    const now = clock.now();
    await db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('epoch_end')
        .set({ gone_at: now })
        .where('epoch', '=', epoch)
        .where('gone_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return;
      const attested = await tx
        .selectFrom('share_attestation')
        .select(({ fn }) => fn.countAll<string>().as('n'))
        .executeTakeFirstOrThrow();
      await audit.append(tx, {
        ...{ actor: ARCHIVE_ACTOR, action: 'key.epoch_gone', resource: epoch, outcome: 'ok' },
        detail: { epoch, shares: Number(attested.n) },
      });
      gone.push(epoch);
    });
  }
  await noteBeyondOldCopies(db, await epochEnds(deps));
  return gone;
}

/**
 * A record that went in an epoch may lie in an old copy under keys of any earlier one: it is beyond all copies
 * when all of those are gone.
 */
async function noteBeyondOldCopies(db: Db, ends: readonly EpochEnd[]): Promise<void> {
  for (const { epoch, goneAt } of ends) {
    const earlier = ends.filter((one) => laterEpoch(epoch, one.epoch) === epoch);
    if (goneAt === undefined || earlier.some((one) => one.goneAt === undefined)) continue;
    const moments = earlier.map((one) => one.goneAt?.getTime() ?? 0);
    await db
      .updateTable('disposal')
      .set({ beyond_old_copies_at: new Date(Math.max(...moments)) })
      .where('epoch', '=', epoch)
      .where('beyond_old_copies_at', 'is', null)
      .execute();
  }
}

/**
 * Who held keys of an epoch that were destroyed then: the key folder, which is done; every set of shares that
 * was made before, whose bundles lay at the sites.
 */
async function waitingFor(deps: EpochEndDeps, destroyedAt: Date): Promise<string[]> {
  const waiting: string[] = [];
  const [current, ...older] = await deps.escrowSets();
  const told = await deps.setsToldBy(destroyedAt);
  const wasThere = current !== undefined && new Date(current.createdAt) <= destroyedAt;
  // Either says so: a ceremony goes by the clock of its own machine.
  if (wasThere || told.has(current?.setId ?? '')) waiting.push('reshare');
  // They are forgotten once every site has removed what they open.
  if (older.length > 0) waiting.push('bundles');
  const rows = await deps.db.selectFrom('share_attestation').select(['set_id', 'share']).execute();
  const attested = new Set(rows.map((row) => `${row.set_id}/${row.share}`));
  for (const [setId, shares] of told) {
    if (setId === current?.setId) continue;
    for (let share = 1; share <= shares; share += 1) {
      if (!attested.has(`${setId}/${share}`)) waiting.push(`share ${setId}/${share}`);
    }
  }
  return waiting;
}
