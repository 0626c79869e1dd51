import { addMonths, dayOf, startOfDay } from '../../core/zone.ts';
import type { PlacementPolicy } from '../../place/index.ts';
import type { ObjectPurpose } from '../../record/vault.ts';

export type ColdRule = NonNullable<PlacementPolicy['pools']['basic']['eviction']>;

/** What may give way: what is heard and seen. Transcripts, manifests, outlines and keys stay everywhere. */
export const EVICTABLE: readonly ObjectPurpose[] = ['redacted', 'original', 'screenshot'];

/** Calls from before the one day that nobody has used since the other; days of the archive's zone. */
export function ageLimits(
  { olderThanMonths, unusedMonths }: ColdRule,
  now: Date,
  timeZone: string,
): { startedBefore: Date; unusedSince: Date } {
  const ago = (months: number) => startOfDay(timeZone, addMonths(dayOf(timeZone, now), -months));
  return { startedBefore: ago(olderThanMonths), unusedSince: ago(unusedMonths) };
}
