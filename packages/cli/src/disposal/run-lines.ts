import type { DisposalRunsView, DisposalRunView, DueView } from '@voxkeep/contract';

/** What may go today, in lines. */
export function dueLines(due: DueView): string[] {
  const { asOf, records, counts, mostAlone, nextLook, pendingDestructions, pendingSince } = due;
  return [
    `${records} records may go as of ${asOf}`,
    ...counts.map(countLine),
    records > mostAlone
      ? `more than ${mostAlone}: takes two approvals`
      : `up to ${mostAlone} go by themselves`,
    `next look ${nextLook ?? 'none by schedule'}`,
    ...(pendingDestructions === 0
      ? []
      : [`${pendingDestructions} DESTRUCTIONS WAIT for a site, since ${pendingSince ?? ''}`]),
  ];
}

/** One run as it is printed. */
export function runLines(run: DisposalRunView): string[] {
  const { id, kind, state, asOf, records, disposed, deferred, proposedBy, proposedAt } = run;
  const { decideBy, decisions, counts, kept, alone } = run;
  return [
    `${id}  ${state}`,
    `list        ${records} ${kind === 'due' ? 'that are due' : 'chosen'} as of ${asOf}`,
    `proposed    ${proposedAt} by ${proposedBy.name ?? proposedBy.id}`,
    ...(alone ? ['approval    none needed'] : []),
    ...(state === 'proposed' ? [`decide by   ${decideBy}`] : []),
    ...decisions.map(
      ({ by, decision, at, reason }) =>
        `${decision.padEnd(10)}  ${at} by ${by.name ?? by.id}${reason === undefined ? '' : `: ${reason}`}`,
    ),
    `progress    ${disposed} disposed of, ${deferred} kept`,
    ...counts.map(countLine),
    ...kept.map(({ why, records: left }) => `  ${left} KEPT: ${why}`),
  ];
}

/** The list of runs as it is printed. */
export const runsLines = ({ runs }: DisposalRunsView): string[] =>
  runs.length === 0
    ? ['none']
    : runs.map(
        ({ id, state, asOf, records, disposed, deferred }) =>
          `${id}  ${state.padEnd(8)} ${asOf}  ${records} records, ${disposed} gone, ${deferred} kept`,
      );

const countLine = ({ ground, rule, tier, records }: DueView['counts'][number]) =>
  `  ${String(records).padStart(6)} ${tier}, ${ground}, by ${rule}`;
