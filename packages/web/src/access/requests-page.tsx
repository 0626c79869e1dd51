import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { RequestKind, RequestState } from '@voxkeep/contract';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { requestsQuery } from '../api/access-queries.ts';
import { KINDS, readRequestFilter, STATES } from './request-filter.ts';
import { RequestList } from './request-list.tsx';
import './access.css';

/** 全部申请: for whoever oversees. Newest first, by kind and state. */
export function RequestsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const filter = useSearch({ from: '/signed-in/access/requests' });
  const found = useInfiniteQuery(requestsQuery('all', filter));
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
      <RequestList
        found={found}
        empty={t('access.allEmpty')}
        skeletonRows={12}
        testId="all-requests"
      />
    </div>
  );
}
