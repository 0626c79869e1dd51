const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ADDRESS = /^.*\/records\//;

/** As many as a hold takes at a time. */
export const MOST_HELD_AT_ONCE = 10_000;

/**
 * Ids of records in a text that somebody pasted: a line each or between commas, addresses of record pages
 * as well. Each id once; what is none is named.
 */
export function readRecordIds(text: string): { ids: string[]; wrong: string[] } {
  const words = text
    .split(/[\s,;，；、]+/)
    .map((word) => word.replace(ADDRESS, '').toLowerCase())
    .filter((word) => word !== '');
  return {
    ids: [...new Set(words.filter((word) => ID.test(word)))],
    wrong: [...new Set(words.filter((word) => !ID.test(word)))],
  };
}
