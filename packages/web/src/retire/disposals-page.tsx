import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { DisposalRunState } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';
import { dueQuery } from '../api/disposal-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { DuePanel } from './due-panel.tsx';
import { readRunFilter } from './run-filter.ts';
import { RunList } from './run-list.tsx';
import './retire.css';

/** 处置: what may go today, and the lists by which it goes. */
export function DisposalsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isOfficer = mayOpen(useSession(), 'manageRetention');
  const { state } = useSearch({ from: '/signed-in/compliance/disposals' });
  const due = useQuery(dueQuery);
  const refused = due.error instanceof ApiProblem && due.error.problem.status === 403;
  const apply = (to: DisposalRunState | undefined) =>
    void navigate({
      to: '/compliance/disposals',
      search: readRunFilter({ state: to }),
      replace: true,
    });
  return (
    <div className="page retire">
      <div className="page-head">
        <h1>{t('disposals.title')}</h1>
        <p className="muted">{t('disposals.lead')}</p>
        {isOfficer ? (
          <div className="page-head-end">
            <Link to="/compliance/requests">{t('disposals.toRequests')}</Link>
          </div>
        ) : null}
      </div>
      {due.isError ? (
        <ProblemPanel error={due.error} onRetry={() => void due.refetch()} />
      ) : due.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 7 }} />
        </div>
      ) : (
        <DuePanel due={due.data} />
      )}
      {/* Whoever is refused the one is refused the other: said once. */}
      {refused ? null : <RunList state={state} onState={apply} />}
    </div>
  );
}
