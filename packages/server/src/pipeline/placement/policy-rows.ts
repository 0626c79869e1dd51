import type { Queryable, Tx } from '../../core/database.ts';
import { keptPlacement, type PlacementPolicy, readKeptPlacement } from '../../place/index.ts';

/** A policy that was put into force. */
export interface KeptPolicy {
  number: number;
  policy: PlacementPolicy;
  digest: string;
  appliedAt: Date;
  /** When the walk that sees what has to move had seen all; undefined while it goes on. */
  endedAt: Date | undefined;
}

/** The policy in force; undefined in an archive that has not begun. */
export async function policyInForce(db: Queryable): Promise<KeptPolicy | undefined> {
  const row = await db
    .selectFrom('placement_policy')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { number, policy, digest, applied_at, ended_at } = row;
  const kept = { number, policy: readKeptPlacement(policy), digest };
  return { ...kept, appliedAt: applied_at, endedAt: ended_at ?? undefined };
}

/** Puts a policy into force from the commit on; `ended` where there is nothing that could have to move. */
export async function keepPolicy(
  tx: Tx,
  policy: PlacementPolicy,
  at: Date,
  ended: boolean,
): Promise<string> {
  const { text, digest } = keptPlacement(policy);
  const last = await tx
    .selectFrom('placement_policy')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  await tx
    .insertInto('placement_policy')
    .values({
      number: (last?.number ?? 0) + 1,
      policy: text,
      digest,
      applied_at: at,
      ended_at: ended ? at : null,
    })
    .execute();
  return digest;
}
