/** How far back the charts go, in hours. */
export const RANGE_HOURS = { day: 24, week: 168, month: 720 } as const;
export type HistoryRange = keyof typeof RANGE_HOURS;
export const RANGES = Object.keys(RANGE_HOURS) as HistoryRange[];

/** What the address says of it; a day is not said. */
export function readHistoryRange(search: Record<string, unknown>): { range?: HistoryRange } {
  const range = RANGES.find((one) => one === search['range']);
  return range === undefined || range === 'day' ? {} : { range };
}
