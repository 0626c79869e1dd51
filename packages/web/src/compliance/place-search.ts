import { type Filters, readFilters } from '../search/filters.ts';
import { readRecordIds } from './record-ids.ts';

/** Chosen by hand; more of them are pasted. They stand in the address. */
const MOST_IN_ADDRESS = 100;

/** What a hold is to be placed on, as it stands in the address: named calls, and a search. */
type PlaceSearch = Filters & { record?: string[] };

export function readPlaceSearch(search: Record<string, unknown>): PlaceSearch {
  const named = [search['record']].flat().filter((one) => typeof one === 'string');
  const record = readRecordIds(named.join(' ')).ids.slice(0, MOST_IN_ADDRESS);
  return { ...readFilters(search), ...(record.length === 0 ? {} : { record }) };
}
