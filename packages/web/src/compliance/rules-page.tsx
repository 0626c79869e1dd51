import { EditOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RetentionRulesView } from '@voxkeep/contract';
import { Alert, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { rulesQuery } from '../api/compliance-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { RuleList } from './rule-list.tsx';
import { RuleVersions } from './rule-versions.tsx';
import { WaitingRules } from './waiting-rules.tsx';
import { WalkProgress } from './walk-progress.tsx';
import '../access/access.css';
import './rules.css';

/** 留存规则: what is in force and what it rests on, what waits, and what was in force before. */
export function RulesPage() {
  const { t } = useTranslation();
  const session = useSession();
  const rules = useQuery(rulesQuery);
  return (
    <div className="page compliance">
      <div className="page-head">
        <h1>{t('compliance.rules.title')}</h1>
        <p className="muted">{t('compliance.rules.lead')}</p>
        {mayOpen(session, 'manageRetention') && rules.data !== undefined ? (
          <div className="page-head-end">
            <Link to="/compliance/rules/edit" className="ant-btn-like" data-testid="edit-rules">
              <EditOutlined aria-hidden="true" /> {t('compliance.rules.edit')}
            </Link>
          </div>
        ) : null}
      </div>
      {rules.isError ? (
        <ProblemPanel error={rules.error} onRetry={() => void rules.refetch()} />
      ) : null}
      {rules.data !== undefined ? (
        <>
          <Standing view={rules.data} />
          <RuleList profiles={rules.data.profiles} />
          <RuleVersions versions={rules.data.versions} />
        </>
      ) : rules.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 12 }} />
        </div>
      ) : null}
    </div>
  );
}

/** Which version counts, how far it has come, and what is proposed besides. */
function Standing({ view }: { view: RetentionRulesView }) {
  const { t } = useTranslation();
  const session = useSession();
  const { inForce, waiting, fileDiffers, file, fileFaults } = view;
  return (
    <>
      <section
        className="card rules-standing"
        aria-label={t('compliance.rules.version', { n: inForce.number })}
      >
        <p data-testid="rules-version" data-number={inForce.number}>
          <strong>{t('compliance.rules.version', { n: inForce.number })}</strong>{' '}
          {t('compliance.rules.since')} <Moment at={inForce.inForceAt} exact />{' '}
          <code className="muted" title={t('compliance.rules.digest')}>
            {inForce.digest.slice(0, 16)}
          </code>
        </p>
        <WalkProgress view={view} />
      </section>
      {waiting === undefined ? null : <WaitingRules waiting={waiting} />}
      {fileFaults === undefined ? null : (
        <Alert
          type="warning"
          showIcon
          title={t('compliance.rules.fileFaulty')}
          description={<pre className="rules-faults">{fileFaults}</pre>}
        />
      )}
      {fileDiffers && fileFaults === undefined ? (
        <Alert
          type="info"
          showIcon
          title={t('compliance.rules.fileDiffers')}
          action={
            mayOpen(session, 'manageRetention') && file !== undefined ? (
              <Link to="/compliance/rules/edit" search={{ from: 'file' }}>
                {t('compliance.rules.loadFile')}
              </Link>
            ) : undefined
          }
        />
      ) : null}
    </>
  );
}
