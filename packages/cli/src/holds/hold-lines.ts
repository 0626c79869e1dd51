import type { HoldLine, HoldPlaced, HoldsView, HoldView } from '@voxkeep/contract';

/** The list as it is printed. */
export function holdsLines({ holds, living, next }: HoldsView): string[] {
  return [
    ...holds.map(holdLine),
    ...(holds.length === 0 ? ['none'] : []),
    `${living} living`,
    ...(next === undefined ? [] : [`voxkeep hold list --before ${next}`]),
  ];
}

function holdLine(hold: HoldLine): string {
  const { id, state, matter, placedAt, records, walking, searches } = hold;
  const more = walking ? ', still looking' : searches ? ', goes on catching' : '';
  const read =
    hold.custodians === 0 ? '' : `, ${hold.acknowledged} of ${hold.custodians} have read it`;
  return `${id}  ${state.padEnd(8)} ${placedAt.slice(0, 10)}  ${matter}: ${records} records${more}${read}`;
}

/** One hold as it is printed. */
export function holdLines(hold: HoldView): string[] {
  const { placedBy, placedByName, releasedAt, releasedBy, releasedByName, releaseReason } = hold;
  const { search, progress, exempted } = hold;
  return [
    `${hold.id}  ${hold.state}`,
    `matter      ${hold.matter}`,
    `reason      ${hold.reason}`,
    `placed      ${hold.placedAt} by ${placedByName ?? placedBy}`,
    `records     ${hold.records}${exempted === 0 ? '' : `, ${exempted} released one by one`}`,
    ...(search === undefined ? [] : [`search      ${searchText(search)}`]),
    ...(progress === undefined ? [] : [`walk        ${walkText(progress)}`]),
    ...hold.custodians.map(
      (one) =>
        `custodian   ${one.name ?? one.id}: ${one.acknowledgedAt === undefined ? 'HAS NOT SAID THAT IT WAS READ' : `read ${one.acknowledgedAt}`}`,
    ),
    ...(releasedAt === undefined
      ? []
      : [
          `released    ${releasedAt} by ${releasedByName ?? releasedBy ?? ''}: ${releaseReason ?? ''}`,
        ]),
  ];
}

/** A new hold, and what it came too late for. */
export function placedLines({ hold, tooLate }: HoldPlaced): string[] {
  return [
    ...holdLines(hold),
    ...tooLate.map(({ recordId, why }) => `TOO LATE    ${recordId}: ${why}`),
  ];
}

const searchText = (search: NonNullable<HoldView['search']>): string =>
  Object.entries(search)
    .map(([name, value]) => `${name} ${[value].flat().join(' or ')}`)
    .join(', ');

function walkText({ reachedAt, caughtUpTo }: NonNullable<HoldView['progress']>): string {
  if (caughtUpTo !== undefined) return `every call looked at by ${caughtUpTo}`;
  return reachedAt === undefined ? 'not begun' : `calls up to ${reachedAt} looked at`;
}
