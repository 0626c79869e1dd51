import { ArchiveError } from '../../core/errors.ts';

export type SearchErrorCode = 'CURSOR_INVALID' | 'SEARCH_QUERY_INVALID' | 'SEARCH_TEXT_TOO_SHORT';

export function searchError(code: SearchErrorCode, message: string, field: string) {
  return new ArchiveError<SearchErrorCode>(code, message, { field: `query/${field}` });
}
