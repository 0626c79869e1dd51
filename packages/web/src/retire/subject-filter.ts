import type { SubjectKind, SubjectRequestsQuery } from '@voxkeep/contract';

type Box = SubjectRequestsQuery['box'];
export const BOXES = ['due', 'overdue', 'all'] as const satisfies Box[];
export const KINDS = ['copy', 'correction', 'erasure'] as const satisfies SubjectKind[];

/** Which requests are shown, as it stands in the address; what is not answered where nothing is said. */
export function readSubjectFilter(search: Record<string, unknown>): {
  box?: Box;
  kind?: SubjectKind;
} {
  const box = BOXES.find((one) => one === search['box']);
  const kind = KINDS.find((one) => one === search['kind']);
  return {
    ...(box === undefined || box === 'due' ? {} : { box }),
    ...(kind === undefined ? {} : { kind }),
  };
}
