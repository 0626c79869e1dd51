import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { HoldNotice } from '@voxkeep/contract';
import { App, Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { holdNoticeQuery } from '../api/compliance-queries.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { HoldMark } from './hold-mark.tsx';
import { Mark } from './mark.tsx';
import './compliance.css';
import './holds.css';

/** What a custodian is told of a hold, or of its end, and where they say that they have read it. */
export function HoldNoticePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/signed-in/hold-notices/$id' });
  const notice = useQuery(holdNoticeQuery(id));
  return (
    <div className="page compliance hold-notice">
      <div className="page-head">
        <h1>{t('compliance.notice.title')}</h1>
      </div>
      {notice.isError ? (
        <ProblemPanel error={notice.error} onRetry={() => void notice.refetch()} />
      ) : notice.data === undefined ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 6 }} />
        </div>
      ) : (
        <OpenNotice notice={notice.data} />
      )}
    </div>
  );
}

function OpenNotice({ notice }: { notice: HoldNotice }) {
  const { t } = useTranslation();
  const { id, state, matter, reason, placedAt, placedByName, releasedAt } = notice;
  const saidAt = state === 'living' ? notice.acknowledgedAt : notice.releaseAcknowledgedAt;
  return (
    <section className="card" aria-labelledby="notice-matter">
      <div className="card-line">
        <h2 id="notice-matter">{matter}</h2>
        <HoldMark state={state} />
      </div>
      <p>{t(state === 'living' ? 'compliance.notice.means' : 'compliance.notice.ended')}</p>
      <dl className="pairs">
        <dt>{t('compliance.holds.reason')}</dt>
        <dd>{reason}</dd>
        <dt>{t('compliance.holds.placed')}</dt>
        <dd>
          {placedByName} <Moment at={placedAt} exact />
        </dd>
        {releasedAt === undefined ? null : (
          <>
            <dt>{t('compliance.holds.filter.released')}</dt>
            <dd>
              <Moment at={releasedAt} exact />
            </dd>
          </>
        )}
      </dl>
      {saidAt === undefined ? (
        <Acknowledge id={id} />
      ) : (
        <p data-testid="notice-said">
          <Mark tone="good">{t('compliance.notice.said')}</Mark> <Moment at={saidAt} />
        </p>
      )}
    </section>
  );
}

function Acknowledge({ id }: { id: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const say = useMutation({
    mutationFn: () => ask<HoldNotice>(`/holds/${id}/acknowledge`, { method: 'POST', body: {} }),
    onSuccess: (now) => {
      queries.setQueryData(holdNoticeQuery(id).queryKey, now);
      void message.success(t('compliance.notice.done'));
    },
  });
  return (
    <>
      {say.isError ? <ProblemPanel error={say.error} /> : null}
      <p>
        <Button
          type="primary"
          loading={say.isPending}
          onClick={() => say.mutate()}
          data-testid="acknowledge"
        >
          {t('compliance.notice.acknowledge')}
        </Button>
      </p>
    </>
  );
}
