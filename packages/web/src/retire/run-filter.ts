import type { DisposalItemsQuery, DisposalRunState } from '@voxkeep/contract';

export const RUN_STATES = [
  ...(['proposed', 'approved', 'running', 'paused'] as const),
  ...(['done', 'refused', 'stopped'] as const),
] as const satisfies DisposalRunState[];

export type ItemState = NonNullable<DisposalItemsQuery['state']>;
export const ITEM_STATES = ['planned', 'disposed', 'deferred'] as const satisfies ItemState[];

/** Which lists are shown, as it stands in the address. */
export function readRunFilter(search: Record<string, unknown>): { state?: DisposalRunState } {
  const state = RUN_STATES.find((one) => one === search['state']);
  return state === undefined ? {} : { state };
}

/** Which records of a list are shown, as it stands in the address. */
export function readItemFilter(search: Record<string, unknown>): { item?: ItemState } {
  const item = ITEM_STATES.find((one) => one === search['item']);
  return item === undefined ? {} : { item };
}
