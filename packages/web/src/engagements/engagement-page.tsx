import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { EngagementView } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { engagementQuery } from '../api/engagement-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { EngagementActions } from './engagement-actions.tsx';
import { EngagementFacts } from './engagement-facts.tsx';
import { EvidenceSection } from './evidence-section.tsx';
import { FindingSection } from './finding-section.tsx';
import { EngagementMark } from './marks.tsx';
import { SampleSection } from './sample-section.tsx';
import '../compliance/holds.css';
import '../retire/retire.css';
import './engagements.css';

/** 审计工作区: one engagement with its samples, questions and findings, for both sides. */
export function EngagementPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/signed-in/compliance/engagements/$id' });
  const found = useQuery(engagementQuery(id));
  return (
    <div className="page compliance">
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()}>
          <Link to="/compliance/engagements">{t('engagements.back')}</Link>
        </ProblemPanel>
      ) : found.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 12 }} />
        </div>
      ) : (
        <Workspace engagement={found.data} />
      )}
    </div>
  );
}

function Workspace({ engagement }: { engagement: EngagementView }) {
  const { t } = useTranslation();
  const begun = engagement.confirmedAt !== undefined;
  return (
    <>
      <div className="page-head">
        <h1 className="engagement-name">{engagement.firm}</h1>
        <EngagementMark engagement={engagement} />
        <span className="muted">{t('engagements.looked')}</span>
        <div className="page-head-end">
          <Link to="/compliance/engagements">{t('engagements.back')}</Link>
        </div>
      </div>
      <EngagementActions engagement={engagement} />
      <EngagementFacts engagement={engagement} />
      {begun ? (
        <>
          <SampleSection engagement={engagement} />
          <EvidenceSection engagement={engagement} />
          <FindingSection engagement={engagement} />
        </>
      ) : (
        <p className="muted">{t('engagements.notYet')}</p>
      )}
    </>
  );
}
