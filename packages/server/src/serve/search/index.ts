export type { IndexKeys } from '../../core/blind-index.ts';
export { deleteFilter, listFilters, saveFilter } from './saved-filters.ts';
export { type CallFields, type FieldOpener, type FoundCall, searchCalls } from './search-calls.ts';
