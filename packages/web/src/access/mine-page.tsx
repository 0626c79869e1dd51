import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACCESS, grantsQuery, requestsQuery } from '../api/access-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { GrantCard } from './grant-card.tsx';
import { NoRequests, RequestList } from './request-list.tsx';
import './access.css';

/** 我的授权: what is open to me now and for how long, and what I have asked for. */
export function MinePage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const grants = useQuery(grantsQuery);
  const mine = useInfiniteQuery(requestsQuery('mine'));
  const refresh = () => void queries.invalidateQueries({ queryKey: ACCESS });
  return (
    <div className="page mine">
      <div className="page-head">
        <h1>{t('access.mine')}</h1>
        <p className="muted">{t('access.mineLead')}</p>
      </div>
      <section aria-labelledby="grants-now">
        <h2 id="grants-now">{t('access.grantsNow')}</h2>
        {grants.isError ? (
          <ProblemPanel error={grants.error} onRetry={() => void grants.refetch()} />
        ) : grants.isPending ? (
          <div className="card grant-skeleton" aria-busy="true">
            <Skeleton active title={false} paragraph={{ rows: 3 }} />
          </div>
        ) : grants.data.grants.length === 0 ? (
          <p className="card muted grants-none" data-testid="grants-empty">
            {t('access.grantsNone')}
          </p>
        ) : (
          <ul className="grants">
            {grants.data.grants.map((grant) => (
              <GrantCard
                key={grant.id}
                grant={grant}
                aheadMs={grants.data.aheadMs}
                onEnd={refresh}
              />
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="my-requests">
        <h2 id="my-requests">{t('access.myRequests')}</h2>
        <RequestList
          own
          found={mine}
          empty={<NoRequests title={t('access.mineEmpty')} text={t('access.mineEmptyText')} />}
          skeletonRows={6}
          rowTestId="my-request"
        />
      </section>
    </div>
  );
}
