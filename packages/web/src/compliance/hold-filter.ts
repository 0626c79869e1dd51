import type { HoldState } from '@voxkeep/contract';

export const HOLD_STATES = ['living', 'released', 'all'] as const satisfies (HoldState | 'all')[];
type HoldFilter = (typeof HOLD_STATES)[number];

/** Which holds are listed, as it stands in the address; the living ones where nothing does. */
export function readHoldFilter(search: Record<string, unknown>): { state?: HoldFilter } {
  const state = HOLD_STATES.find((one) => one === search['state']);
  return state === undefined || state === 'living' ? {} : { state };
}
