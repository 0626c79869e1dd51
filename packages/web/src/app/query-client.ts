import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';

/** A 401 anywhere means that the session ended: the guard then shows the sign-in page. */
function noticeSignedOut(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.problem.status !== 401) return;
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
