import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { rulesQuery } from '../api/compliance-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { DuePanel } from './due-panel.tsx';
import { HoldsPanel } from './holds-panel.tsx';
import { RequestsPanel } from './requests-panel.tsx';
import { RulesPanel } from './rules-panel.tsx';
import { ToDo } from './to-do.tsx';
import { WaitsPanel } from './waits-panel.tsx';

/** 合规总览: what has to be done today, and how the archive stands by its own rules. */
export function OverviewPage() {
  const { t } = useTranslation();
  const session = useSession();
  // Asked by everybody: whoever may not is told by the archive which rule says so, and whom to ask.
  const rules = useQuery(rulesQuery);
  const refused = rules.isError && !mayOpen(session, 'compliance');
  return (
    <div className="page overview">
      <div className="page-head">
        <h1>{t('compliance.overview.title')}</h1>
        <p className="muted">{t('compliance.overview.lead')}</p>
      </div>
      {refused ? (
        <ProblemPanel error={rules.error} />
      ) : mayOpen(session, 'compliance') ? (
        <>
          <ToDo />
          <div className="overview-panels">
            <DuePanel />
            <HoldsPanel />
            {mayOpen(session, 'manageRetention') ? <RequestsPanel /> : null}
            <RulesPanel />
            <AuditPanel />
            <WaitsPanel />
          </div>
        </>
      ) : (
        <Skeleton active paragraph={{ rows: 8 }} />
      )}
    </div>
  );
}
