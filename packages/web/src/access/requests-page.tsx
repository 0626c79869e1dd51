import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { RequestKind, RequestState } from '@voxkeep/contract';
import { Button, Empty, Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { requestsQuery } from '../api/access-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { KINDS, readRequestFilter, STATES } from './request-filter.ts';
import { RequestRow } from './request-row.tsx';
import './access.css';

/** 全部申请: for whoever oversees. Newest first, by kind and state. */
export function RequestsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const filter = useSearch({ from: '/signed-in/access/requests' });
  const found = useInfiniteQuery(requestsQuery('all', filter));
  const requests = found.data?.pages.flatMap((page) => page.requests) ?? [];
  const apply = (change: { kind?: RequestKind | undefined; state?: RequestState | undefined }) =>
    void navigate({
      to: '/access/requests',
      search: readRequestFilter({ ...filter, ...change }),
      replace: true,
    });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('access.all')}</h1>
        <p className="muted">{t('access.allLead')}</p>
        <div className="page-head-end">
          <Select
            allowClear
            className="request-filter"
            aria-label={t('access.byKind')}
            placeholder={t('access.byKind')}
            value={filter.kind ?? null}
            options={KINDS.map((value) => ({ value, label: t(`access.kind.${value}`) }))}
            onChange={(value: RequestKind | undefined) => apply({ kind: value })}
          />
          <Select
            allowClear
            className="request-filter"
            aria-label={t('access.byState')}
            placeholder={t('access.byState')}
            value={filter.state ?? null}
            options={STATES.map((value) => ({ value, label: t(`access.state.${value}`) }))}
            onChange={(value: RequestState | undefined) => apply({ state: value })}
          />
        </div>
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active title={false} paragraph={{ rows: 12 }} />
        </div>
      ) : requests.length === 0 ? (
        <div className="card page-empty">
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('access.allEmpty')} />
        </div>
      ) : (
        <ul className="card request-list request-list-wide" data-testid="all-requests">
          {requests.map((request) => (
            <li key={request.id}>
              <Link to="/access/requests/$id" params={{ id: request.id }} className="request-row">
                <RequestRow request={request} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {found.hasNextPage ? (
        <Button
          block
          type="link"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('search.loadMore')}
        </Button>
      ) : null}
    </div>
  );
}
