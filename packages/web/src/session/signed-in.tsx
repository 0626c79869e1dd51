import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { App } from 'antd';
import { useEffect } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { Shell } from '../shell/shell.tsx';
import { SessionContext } from './use-session.ts';

/** Everything but sign-in and first set-up lies behind a session. */
export function SignedIn() {
  const session = useQuery(sessionQuery);
  const router = useRouter();
  const isOut = session.data === null;
  useEffect(() => {
    if (!isOut) return;
    // Once, from where the person was: this page stays mounted while the sign-in page loads, and by
    // then the router's location is the sign-in page's own.
    const here = router.state.location.href;
    void router.navigate({
      to: '/sign-in',
      search: here === '/' ? {} : { to: here },
      replace: true,
    });
  }, [isOut, router]);
  if (session.isError) {
    return (
      <main className="lonely">
        <ProblemPanel error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.isPending || session.data === null) return <div className="boot" aria-busy="true" />;
  return (
    <SessionContext value={session.data}>
      <App className="app">
        <Shell>
          <Outlet />
        </Shell>
      </App>
    </SessionContext>
  );
}
