import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Empty, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { engagementsQuery } from '../api/engagement-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { EngagementTable } from './engagement-table.tsx';
import { OpenEngagement } from './open-engagement.tsx';
import '../compliance/holds.css';
import '../retire/retire.css';
import './engagements.css';

/** 外部审计: every engagement, newest first; to an outside auditor their own. */
export function EngagementsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const found = useQuery(engagementsQuery);
  const [opening, setOpening] = useState(false);
  return (
    <div className="page compliance">
      <div className="page-head">
        <h1>{t('engagements.title')}</h1>
        <p className="muted">{t('engagements.lead')}</p>
        {mayOpen(session, 'engage') ? (
          <div className="page-head-end">
            <Button
              type="primary"
              icon={<PlusOutlined />}
              onClick={() => setOpening(true)}
              data-testid="open-engagement"
            >
              {t('engagements.open')}
            </Button>
          </div>
        ) : null}
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      ) : found.data.engagements.length === 0 ? (
        <div className="card page-empty" data-testid="engagements-empty">
          <Empty
            image={Empty.PRESENTED_IMAGE_SIMPLE}
            description={
              <>
                <p>
                  <strong>{t('engagements.empty')}</strong>
                </p>
                <p>{t('engagements.emptyText')}</p>
              </>
            }
          />
        </div>
      ) : (
        <EngagementTable engagements={found.data.engagements} />
      )}
      {opening ? <OpenEngagement onClose={() => setOpening(false)} /> : null}
    </div>
  );
}
