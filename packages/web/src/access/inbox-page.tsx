import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { AccessRequestView } from '@voxkeep/contract';
import { Empty, Skeleton } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inboxQuery } from '../api/access-queries.ts';
import { WaitingRuns } from '../retire/waiting-runs.tsx';
import { useHotkeys } from '../shell/hotkeys.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { PasskeyNeeded } from './passkey-needed.tsx';
import { type Act, RequestActions } from './request-actions.tsx';
import { RequestDetail } from './request-detail.tsx';
import { RequestRow } from './request-row.tsx';
import './access.css';

/** 待我审批: what waits for this approver, and beside it the one that is looked at. */
export function InboxPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id } = useSearch({ from: '/signed-in/access/inbox' });
  const inbox = useQuery(inboxQuery);
  const [open, setOpen] = useState<Act>();
  const list = useRef<HTMLUListElement>(null);
  const requests = useMemo(() => urgentFirst(inbox.data?.requests ?? []), [inbox.data]);
  const found = requests.findIndex((request) => request.id === id);
  const at = Math.max(0, found);
  const chosen = requests[at];

  const choose = (index: number) => {
    const to = requests[Math.min(Math.max(index, 0), requests.length - 1)];
    if (to === undefined) return;
    setOpen(undefined);
    void navigate({ to: '/access/inbox', search: { id: to.id }, replace: true });
  };
  const act = (one: Act) => {
    if (chosen?.may.includes(one)) setOpen(one);
  };
  useEffect(() => {
    if (found === -1) return;
    list.current?.children[found]?.scrollIntoView({ block: 'nearest' });
  }, [found]);
  useHotkeys({
    j: () => choose(at + 1),
    k: () => choose(at - 1),
    a: () => act(chosen?.may.includes('review') ? 'review' : 'approve'),
    r: () => act('reject'),
  });

  return (
    <div className="page inbox-page">
      <div className="page-head">
        <h1>{t('access.inbox')}</h1>
        <p className="muted">{t('access.inboxLead')}</p>
      </div>
      <PasskeyNeeded />
      <WaitingRuns />
      {inbox.isError ? (
        <ProblemPanel error={inbox.error} onRetry={() => void inbox.refetch()} />
      ) : inbox.isPending ? (
        <div className="inbox" aria-busy="true">
          <div className="card">
            <Skeleton active title={false} paragraph={{ rows: 8 }} />
          </div>
          <div className="card">
            <Skeleton active paragraph={{ rows: 10 }} />
          </div>
        </div>
      ) : chosen === undefined ? (
        <div className="card page-empty" data-testid="inbox-empty">
          <Empty
            image={Empty.PRESENTED_IMAGE_SIMPLE}
            description={
              <>
                <p>
                  <strong>{t('access.inboxEmpty')}</strong>
                </p>
                <p>{t('access.inboxEmptyText')}</p>
              </>
            }
          />
        </div>
      ) : (
        <div className="inbox">
          <ul className="card request-list" ref={list} aria-label={t('access.inbox')}>
            {requests.map((request, index) => (
              <li key={request.id}>
                <button
                  type="button"
                  className="request-row"
                  aria-current={index === at}
                  onClick={() => choose(index)}
                  data-testid="inbox-row"
                >
                  <RequestRow request={request} />
                </button>
              </li>
            ))}
          </ul>
          <div className="card inbox-detail" key={chosen.id}>
            <RequestActions
              keys
              request={chosen}
              open={open}
              onOpen={setOpen}
              onDone={() => choose(at === requests.length - 1 ? at - 1 : at + 1)}
            />
            <RequestDetail request={chosen} level={2} />
          </div>
        </div>
      )}
    </div>
  );
}

/** Break-glass first, then reviews, then what may be decided, then the rest; each as it came. */
function urgentFirst(requests: AccessRequestView[]): AccessRequestView[] {
  const rank = ({ kind, state, may }: AccessRequestView) => {
    if (kind === 'break_glass' && state === 'pending') return 0;
    if (may.includes('review')) return 1;
    return may.includes('approve') ? 2 : 3;
  };
  return requests.toSorted((a, b) => rank(a) - rank(b));
}
