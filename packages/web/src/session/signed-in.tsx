import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { Shell } from '../shell/shell.tsx';
import { SessionContext } from './use-session.ts';

/** Everything but sign-in and first set-up lies behind a session. */
export function SignedIn() {
  const session = useQuery(sessionQuery);
  const location = useLocation();
  if (session.isPending) return <div className="boot" aria-busy="true" />;
  if (session.isError) {
    return (
      <main className="lonely">
        <ProblemPanel error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data === null) {
    const here = location.href;
    return <Navigate to="/sign-in" search={here === '/' ? {} : { to: here }} replace />;
  }
  return (
    <SessionContext value={session.data}>
      <Shell>
        <Outlet />
      </Shell>
    </SessionContext>
  );
}
