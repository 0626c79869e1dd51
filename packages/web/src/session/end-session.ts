import type { QueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries.ts';

/**
 * Nobody is signed in any more: the guard shows the sign-in page, and what was loaded for the person
 * before is forgotten. The session's own entry stays, as the guard watches it.
 */
export function endSession(queries: QueryClient): void {
  const [session] = sessionQuery.queryKey;
  queries.setQueryData(sessionQuery.queryKey, null);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session });
}
