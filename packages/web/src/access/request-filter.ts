import type { RequestKind, RequestState } from '@voxkeep/contract';

export const KINDS = ['records', 'break_glass', 'mandate'] as const satisfies RequestKind[];
export const STATES = [
  ...(['pending', 'live', 'ended', 'expired'] as const),
  ...(['rejected', 'withdrawn', 'revoked'] as const),
] as const satisfies RequestState[];

/** The list's conditions as they stand in the address. */
export function readRequestFilter(search: Record<string, unknown>): {
  kind?: RequestKind;
  state?: RequestState;
} {
  const kind = KINDS.find((one) => one === search['kind']);
  const state = STATES.find((one) => one === search['state']);
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(state === undefined ? {} : { state }),
  };
}
