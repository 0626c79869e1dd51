import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { requestQuery } from '../api/access-queries.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { MandateExport } from './mandate-export.tsx';
import { NextSteps } from './next-steps.tsx';
import { type Act, RequestActions } from './request-actions.tsx';
import { RequestDetail } from './request-detail.tsx';
import './access.css';

/** One request with its decisions: what there is to keep, to print and to act on. */
export function RequestPage() {
  const { t } = useTranslation();
  const { actor } = useSession();
  const { id } = useParams({ from: '/signed-in/access/requests/$id' });
  const request = useQuery(requestQuery(id));
  const [open, setOpen] = useState<Act>();
  const own = request.data?.requester.id === actor.id;
  return (
    <div className="page request-page">
      <div className="page-head">
        <p className="muted">{t('access.requestTitle')}</p>
        <div className="page-head-end">
          <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
            {t('record.print')}
          </Button>
        </div>
      </div>
      {request.isError ? (
        <ProblemPanel error={request.error} onRetry={() => void request.refetch()} />
      ) : request.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 10 }} />
        </div>
      ) : (
        <div className="request-columns">
          <div className="card">
            <RequestActions request={request.data} open={open} onOpen={setOpen} />
            <MandateExport request={request.data} />
            <RequestDetail request={request.data} level={1} />
          </div>
          {own && request.data.state === 'pending' ? <NextSteps kind={request.data.kind} /> : null}
        </div>
      )}
    </div>
  );
}
