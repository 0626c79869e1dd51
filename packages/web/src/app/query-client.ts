import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';

const ENDED = new Set(['NOT_SIGNED_IN', 'SESSION_EXPIRED', 'ENGAGEMENT_OVER']);

/** No session any more, wherever that is noticed: the guard then shows the sign-in page. */
function noticeSignedOut(error: unknown): void {
  // Other 401s are about what was typed: a wrong password or code.
  if (!(error instanceof ApiProblem) || !ENDED.has(error.problem.code)) return;
  if (queryClient.getQueryData(sessionQuery.queryKey)) {
    queryClient.setQueryData(sessionQuery.queryKey, null);
  }
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      // A refusal stays a refusal; only a lost connection is worth a second try.
      retry: (failures, error) =>
        failures < 1 && error instanceof ApiProblem && error.problem.code === 'network',
    },
  },
});
