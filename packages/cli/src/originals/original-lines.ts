import type { AskedWait, AskedWaitsView, OriginalView } from '@voxkeep/contract';

/** One record's original as it is printed. */
export function originalLines({
  recordId,
  there,
  held,
  needed,
  destroyedAt,
  waits,
}: OriginalView): string[] {
  return [
    `original of ${recordId}`,
    ...(there ? [] : [destroyedAt === undefined ? 'none waits' : `destroyed ${destroyedAt}`]),
    ...(needed === undefined ? [] : [`needed until ${needed.until}: ${whyOf(needed)}`]),
    ...(there && held ? ['a hold keeps it, whatever its time'] : []),
    ...waits.flatMap(waitLines),
  ];
}

const whyOf = ({ days, businessType, grantedUntil }: NonNullable<OriginalView['needed']>) => {
  if (grantedUntil !== undefined) return 'two approvers granted that day';
  return `${days} days${businessType === undefined ? '' : `, as ${businessType} needs`}`;
};

/** Questions that wait for approvers. */
export const waitsLines = ({ waits }: AskedWaitsView): string[] =>
  waits.length === 0 ? ['none'] : waits.flatMap(waitLines);

function waitLines(wait: AskedWait): string[] {
  const { id, recordId, until, state, askedBy, reason, decisions } = wait;
  return [
    `${id}  ${state.padEnd(7)}  ${recordId} until ${until}`,
    `  asked by ${askedBy.name ?? askedBy.id}: ${reason}`,
    ...decisions.map(
      ({ by, decision, at, reason: why }) =>
        `  ${decision} by ${by.name ?? by.id} ${at}${why === undefined ? '' : `: ${why}`}`,
    ),
  ];
}
