import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Queryable } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import { policyInForce } from '../pipeline/placement/policy-rows.ts';
import type { Placement } from '../pipeline/ports.ts';
import { copiesOf, loadPlacement, type PlacementPolicy } from '../place/index.ts';
import type { Pool } from '../record/vocabulary.ts';
import { SITE_NAMES } from './config.ts';

/** The policy that everything follows, until another is applied. */
export interface PlacementInForce extends Placement {
  acknowledged(pool: Pool): readonly string[];
  follow(policy: PlacementPolicy): void;
}

/** The policy of the file. Rejects with CONFIG_UNREADABLE, PLACEMENT_INVALID. */
export async function readPlacement(file: string): Promise<PlacementPolicy> {
  const yaml = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ArchiveError('CONFIG_UNREADABLE', `${file} cannot be read`, { cause });
  });
  return loadPlacement(yaml, basename(file), SITE_NAMES);
}

/** What the catalog says is in force; where it says nothing yet, the file's. */
export async function openPlacement(
  db: Queryable,
  { placement, timeZone }: { placement: string; timeZone: string },
): Promise<PlacementInForce> {
  const file = await readPlacement(placement);
  return followedPlacement((await policyInForce(db))?.policy ?? file, timeZone);
}

export function followedPlacement(first: PlacementPolicy, timeZone: string): PlacementInForce {
  let followed = first;
  return {
    policy: () => followed,
    copiesOf: (pool, now) => copiesOf(followed, pool, now, timeZone),
    acknowledged: (pool) => followed.pools[pool].acknowledged,
    follow(policy) {
      followed = policy;
    },
  };
}
