import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AccessRequestsView } from '@voxkeep/contract';
import { Empty, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { RequestRow } from './request-row.tsx';

interface List {
  found: UseInfiniteQueryResult<InfiniteData<AccessRequestsView>>;
  /** What stands there when there is none. */
  empty: ReactNode;
  /** How many lines stand in for it while it is read. */
  skeletonRows: number;
  /** The viewer's own requests. */
  own?: boolean;
  testId?: string;
  rowTestId?: string;
}

/** Requests, newest first, each leading to its page. */
export function RequestList({ found, empty, skeletonRows, own = false, testId, rowTestId }: List) {
  const { t } = useTranslation();
  const requests = found.data?.pages.flatMap((page) => page.requests) ?? [];
  return (
    <>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active title={false} paragraph={{ rows: skeletonRows }} />
        </div>
      ) : requests.length === 0 ? (
        <div className="card page-empty">
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} />
        </div>
      ) : (
        <ul className="card request-list request-list-wide" data-testid={testId}>
          {requests.map((request) => (
            <li key={request.id}>
              <Link
                to="/access/requests/$id"
                params={{ id: request.id }}
                className="request-row"
                data-testid={rowTestId}
              >
                <RequestRow own={own} request={request} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <MoreButton found={found} label={t('search.loadMore')} />
    </>
  );
}

/** That there is none, and what to make of it. */
export function NoRequests({ title, text }: { title: string; text: string }) {
  return (
    <>
      <p>
        <strong>{title}</strong>
      </p>
      <p>{text}</p>
    </>
  );
}
