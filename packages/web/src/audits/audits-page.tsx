import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AuditRunDetail, AuditsView } from '@voxkeep/contract';
import { App, Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { AUDITS, auditsQuery } from '../api/audit-queries.ts';
import { ask } from '../api/client.ts';
import { ComplianceNav } from '../compliance/compliance-nav.tsx';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { AuditList } from './audit-list.tsx';
import { TrendPanel } from './trend-panel.tsx';
import './audits.css';

/** How the archive stands by its own audits, and when the next one comes. */
export function AuditsPage() {
  const { t } = useTranslation();
  const audits = useQuery(auditsQuery);
  return (
    <>
      <ComplianceNav />
      <div className="page audits">
        <div className="page-head">
          <h1>{t('audits.title')}</h1>
          <p className="muted">{t('audits.lead')}</p>
        </div>
        {audits.isError ? (
          <ProblemPanel error={audits.error} onRetry={() => void audits.refetch()} />
        ) : null}
        {audits.data !== undefined ? (
          <>
            <RunStrip view={audits.data} />
            <TrendPanel />
            <AuditList runs={audits.data.runs} />
          </>
        ) : audits.isPending ? (
          <div className="card">
            <Skeleton active paragraph={{ rows: 8 }} />
          </div>
        ) : null}
      </div>
    </>
  );
}

function RunStrip({ view: { runs, next } }: { view: AuditsView }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const running = runs.find(({ outcome }) => outcome === undefined);
  const run = useMutation({
    mutationFn: () => ask<AuditRunDetail>('/audits', { method: 'POST' }),
    onSuccess: () => void message.success(t('audits.begun')),
    // Refused because another one goes on: that one is shown at once.
    onSettled: () => queries.invalidateQueries({ queryKey: AUDITS }),
  });
  return (
    <section className="card audits-strip" aria-label={t('audits.next')}>
      <p aria-live="polite" data-testid="audit-progress">
        {running === undefined ? (
          <>
            {t('audits.next')}{' '}
            {next === undefined ? t('audits.nextNone') : <Moment at={next} exact />}
          </>
        ) : (
          <>
            <strong>{t('audits.running')}</strong> {t('audits.progress', running.progress)}
          </>
        )}
      </p>
      <Button
        type="primary"
        loading={run.isPending}
        disabled={running !== undefined}
        title={running === undefined ? undefined : t('audits.running')}
        onClick={() => run.mutate()}
        data-testid="run-audit"
      >
        {t('audits.run')}
      </Button>
      {run.isError ? <ProblemPanel error={run.error} /> : null}
    </section>
  );
}
