import type { GrantField } from '@voxkeep/contract';
import { type Filters, readFilters } from '../search/filters.ts';
import { GRANT_FIELDS } from './grant-fields.ts';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Of one request, as the archive has it. */
export const MOST_RECORDS = 500;

/** By hand; more of them come from a search. They stand in the address. */
export const MOST_CHOSEN = 100;

/** What is asked for, as it stands in the address: named calls, or all that a search finds. */
export type AskSearch = Filters & {
  record?: string[];
  field?: GrantField[];
  /** All that the conditions find. */
  whole?: '1';
};

export function readAskSearch(search: Record<string, unknown>): AskSearch {
  const listOf = (name: string) => [search[name]].flat().filter((one) => typeof one === 'string');
  const record = [...new Set(listOf('record'))].filter((id) => ID.test(id)).slice(0, MOST_CHOSEN);
  const asked = new Set(listOf('field'));
  const field = GRANT_FIELDS.filter((one) => asked.has(one));
  return {
    ...(record.length === 0 ? {} : { record }),
    ...(field.length === 0 ? {} : { field }),
    ...(search['whole'] === '1' ? { whole: '1' as const, ...readFilters(search) } : {}),
  };
}
