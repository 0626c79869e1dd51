import { PlusOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Empty, Segmented, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { holdsQuery } from '../api/compliance-queries.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { HOLD_STATES, readHoldFilter } from './hold-filter.ts';
import { HoldTable } from './hold-table.tsx';
import '../access/access.css';
import './holds.css';

/** 法律保全: the matters that freeze records, newest first. */
export function HoldsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const { state = 'living' } = useSearch({ from: '/signed-in/compliance/holds' });
  const found = useInfiniteQuery(holdsQuery(state));
  const holds = found.data?.pages.flatMap((page) => page.holds) ?? [];
  const living = found.data?.pages[0]?.living;
  return (
    <div className="page compliance">
      <div className="page-head">
        <h1>{t('compliance.holds.title')}</h1>
        <p className="muted">{t('compliance.holds.lead')}</p>
        {mayDo(session, 'hold') ? (
          <div className="page-head-end">
            <Link to="/compliance/holds/new" className="ant-btn-like" data-testid="new-hold">
              <PlusOutlined aria-hidden="true" /> {t('compliance.holds.place')}
            </Link>
          </div>
        ) : null}
      </div>
      <div className="card-line">
        <Segmented
          aria-label={t('compliance.holds.show')}
          value={state}
          options={HOLD_STATES.map((value) => ({
            value,
            label: t(`compliance.holds.filter.${value}`),
          }))}
          onChange={(value) =>
            void navigate({
              to: '/compliance/holds',
              search: readHoldFilter({ state: value }),
              replace: true,
            })
          }
        />
        {living === undefined ? null : (
          <span role="status" className="muted">
            {t('compliance.holds.livingNow', { n: living.toLocaleString('en') })}
          </span>
        )}
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        </div>
      ) : holds.length === 0 ? (
        <div className="card page-empty" data-testid="holds-empty">
          <Empty
            image={Empty.PRESENTED_IMAGE_SIMPLE}
            description={
              <>
                <p>
                  <strong>{t(`compliance.holds.empty.${state}`)}</strong>
                </p>
                <p>{t('compliance.holds.emptyText')}</p>
              </>
            }
          />
        </div>
      ) : (
        <HoldTable holds={holds} />
      )}
      <MoreButton found={found} label={t('search.loadMore')} />
    </div>
  );
}
