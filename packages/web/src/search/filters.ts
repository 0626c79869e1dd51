import type { SearchQuery } from '@voxkeep/contract';

/** The search as it stands in the address: the API's query, texts only, without paging. */
export const LIST_FILTERS = ['agent', 'team', 'issueType', 'tier', 'segment', 'industry'] as const;
export const TEXT_FILTERS = [
  'from',
  'to',
  'phone',
  'text',
  'channel',
  'direction',
  'minDurationS',
  'maxDurationS',
  'hasFindings',
  'ticket',
] as const;
export type ListFilter = (typeof LIST_FILTERS)[number];
export type TextFilter = (typeof TEXT_FILTERS)[number];
export type Filters = { [name in ListFilter]?: string[] } & { [name in TextFilter]?: string };

// Every name here is one of the API's.
type Unknown = Exclude<ListFilter | TextFilter, keyof SearchQuery>;
const _noUnknown: Unknown extends never ? true : never = true;
void _noUnknown;

/** Keeps what the API knows; lists are sorted, so that equal searches have equal addresses. */
export function readFilters(search: Record<string, unknown>): Filters {
  const filters: Filters = {};
  for (const name of LIST_FILTERS) {
    const values = textsOf(search[name]);
    if (values.length > 0) filters[name] = [...new Set(values)].sort();
  }
  for (const name of TEXT_FILTERS) {
    const value = textsOf(search[name])[0];
    if (value !== undefined) filters[name] = value;
  }
  return filters;
}

export function hasFilters(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}

/** The filters with one value of a list switched on or off. */
export function toggleFilter(
  filters: Filters,
  name: ListFilter | 'channel',
  value: string,
): Filters {
  if (name === 'channel') {
    return readFilters({ ...filters, channel: filters.channel === value ? '' : value });
  }
  const before = filters[name] ?? [];
  const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
  return readFilters({ ...filters, [name]: after });
}

function textsOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values
    .filter((one) => typeof one === 'string' || typeof one === 'number')
    .map((one) => String(one).trim())
    .filter((one) => one !== '');
}
