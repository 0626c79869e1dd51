import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { AuditRunDetail } from '@voxkeep/contract';
import { App, Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { auditQuery } from '../api/audit-queries.ts';
import { download } from '../api/download.ts';
import { ComplianceNav } from '../compliance/compliance-nav.tsx';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { problemSentence } from '../shell/problem-words.ts';
import { AuditOutcome } from './audit-outcome.tsx';
import { CheckTable } from './check-table.tsx';
import './audits.css';

/** One audit: how it ended, and from each check down to what it found. */
export function AuditPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/signed-in/audits/$id' });
  const audit = useQuery(auditQuery(id));
  return (
    <>
      <ComplianceNav />
      <div className="page audits">
        <div className="page-head">
          <h1>{t('audits.title')}</h1>
          <Link to="/audits">{t('audits.back')}</Link>
        </div>
        {audit.isError ? (
          <ProblemPanel error={audit.error} onRetry={() => void audit.refetch()} />
        ) : null}
        {audit.data !== undefined ? (
          <>
            <Head run={audit.data} />
            <CheckTable run={audit.data} />
          </>
        ) : audit.isPending ? (
          <div className="card">
            <Skeleton active paragraph={{ rows: 12 }} />
          </div>
        ) : null}
      </div>
    </>
  );
}

function Head({ run }: { run: AuditRunDetail }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language.startsWith('zh') ? 'zh-CN' : 'en';
  const { message } = App.useApp();
  const { id, outcome, asOf, figures, progress, seed, reportSha256 } = run;
  const take = (kind: 'json' | 'pdf') =>
    void download(`/audits/${id}/report.${kind === 'pdf' ? `pdf?language=${language}` : 'json'}`, {
      fileName: `audit-${id}.${kind}`,
    }).catch((error: unknown) => void message.error(problemSentence(error)));
  return (
    <section className="card audit-head" aria-label={t('audits.outcome')}>
      <p className="audit-verdict" aria-live="polite">
        <AuditOutcome outcome={outcome} /> <Moment at={asOf} exact />
      </p>
      {figures === undefined ? (
        <p>{t('audits.progress', progress)}</p>
      ) : (
        <dl className="audit-figures">
          {(['findings', 'open', 'accepted', 'notRun', 'looked'] as const).map((name) => (
            <div key={name}>
              <dt>{t(`audits.${name}`)}</dt>
              <dd className="num">{figures[name].toLocaleString('en')}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="audit-reports">
        <Button disabled={reportSha256 === undefined} onClick={() => take('pdf')}>
          {t('audits.reportPdf')}
        </Button>
        <Button disabled={reportSha256 === undefined} onClick={() => take('json')}>
          {t('audits.reportJson')}
        </Button>
      </p>
      <p className="muted audit-digest">
        {t('audits.seed')} <code>{seed}</code>
        {reportSha256 === undefined ? null : (
          <>
            {' · '}
            {t('audits.digest')} <code>{reportSha256}</code>
          </>
        )}
      </p>
    </section>
  );
}
