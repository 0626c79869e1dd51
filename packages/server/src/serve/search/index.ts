export type { IndexKeyring } from '../../core/blind-index.ts';
export { callCondition } from './call-condition.ts';
export { deleteFilter, listFilters, type OwnRows, saveFilter } from './saved-filters.ts';
export {
  type CallFields,
  type FieldOpener,
  type FoundCall,
  searchCalls,
  type TranscriptTexts,
} from './search-calls.ts';
export type { SearchErrorCode } from './search-error.ts';
